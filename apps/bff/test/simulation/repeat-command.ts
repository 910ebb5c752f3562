/** The command that lives through a failing seed again, in its smallest form. */
export function repeatCommand(seed: number, variant?: string): string {
  const wrong = variant === undefined ? '' : ` --variant "${variant}"`
  return `npm run simulate -w apps/bff -- --seed ${seed} --shrink${wrong}`
}
