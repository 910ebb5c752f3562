import { product } from '../strings/product.ts'
import { colorScheme } from '../ui/color-scheme.ts'
import { shownZone } from '../ui/shown-zone.ts'
import { useStoredChoice, type StoredChoice } from '../ui/stored-choice.ts'

/** How the page shows things to this person, on every screen. */
export function DisplayChoices() {
  return (
    <div role="group" aria-label={product.display} className="cs-display">
      <DisplayChoice label={product.times} choice={shownZone} words={product.timeChoices} />
      <DisplayChoice label={product.colours} choice={colorScheme} words={product.colourChoices} />
    </div>
  )
}

interface DisplayChoiceProps<Value extends string> {
  readonly label: string
  readonly choice: StoredChoice<Value>
  readonly words: Readonly<Record<Value, string>>
}

function DisplayChoice<Value extends string>({ label, choice, words }: DisplayChoiceProps<Value>) {
  const value = useStoredChoice(choice)
  const choose = (text: string) => {
    const next = choice.values.find((candidate) => candidate === text)
    if (next !== undefined) choice.choose(next)
  }
  return (
    <label className="cs-display__choice">
      <span>{label}</span>
      <select className="cs-select" value={value} onChange={(event) => choose(event.target.value)}>
        {choice.values.map((candidate) => (
          <option key={candidate} value={candidate}>
            {words[candidate]}
          </option>
        ))}
      </select>
    </label>
  )
}
