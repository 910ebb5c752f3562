/**
 * Whether a name fits a pattern in which `*` stands for any characters and `?` for one. Takes time in proportion to
 * both lengths: the pattern is a person's, and a regular expression made from it could take for ever.
 */
export function fitsPattern(pattern: string, name: string): boolean {
  const wanted = Array.from(pattern)
  const given = Array.from(name)
  let at = 0
  let inPattern = 0
  /** Where to go on after the last `*` took one character more. */
  let star = -1
  let afterStar = 0
  while (at < given.length) {
    const want = wanted[inPattern]
    if (want === '*') {
      star = inPattern
      afterStar = at
      inPattern += 1
    } else if (want === '?' || (want !== undefined && want === given[at])) {
      inPattern += 1
      at += 1
    } else if (star >= 0) {
      afterStar += 1
      at = afterStar
      inPattern = star + 1
    } else return false
  }
  return wanted.slice(inPattern).every((rest) => rest === '*')
}
