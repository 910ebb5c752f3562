let missed = 0

/** Prints a figure beside its goal. */
export function goal(text: string, met: boolean): void {
  if (!met) missed += 1
  console.log(`${met ? 'ok    ' : 'MISSED'} ${text}`)
}

/** Ends the bench: 1 when a goal was missed. */
export function exitCode(): number {
  return missed === 0 ? 0 : 1
}
