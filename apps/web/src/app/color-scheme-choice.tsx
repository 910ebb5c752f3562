import { product } from '../strings/product.ts'
import { COLOR_SCHEMES, chooseColorScheme, useColorScheme } from '../ui/color-scheme.ts'

export function ColorSchemeChoice() {
  const scheme = useColorScheme()
  return (
    <label className="cs-colours">
      <span className="pf-v6-screen-reader">{product.colours}</span>
      <select
        value={scheme}
        onChange={(event) =>
          chooseColorScheme(COLOR_SCHEMES.find((s) => s === event.target.value) ?? 'system')
        }
      >
        {COLOR_SCHEMES.map((choice) => (
          <option key={choice} value={choice}>
            {product.colourChoices[choice]}
          </option>
        ))}
      </select>
    </label>
  )
}
