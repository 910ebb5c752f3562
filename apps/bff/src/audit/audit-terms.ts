import type { AuditEntry } from '@coreshift/shared/contract'
import type { AuditFilter } from './audit-log.ts'

/** Longer values are found by their beginning and then compared whole. */
const TERM_LENGTH_MAX = 200

/** What the search index knows an entry or a filter by: a letter for the member and its value. */
export interface SearchTerms {
  /** All of these. */
  readonly exact: readonly string[]
  /** And one that begins so: the last word of a text is taken as not written to its end. */
  readonly prefix?: string
}

interface Searchable {
  readonly vm?: string | undefined
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly outcome?: string | undefined
  readonly operation?: string | undefined
}

/** Every term under which an entry is found; without repetition. */
export function termsOfEntry(entry: AuditEntry): Set<string> {
  return new Set([
    ...memberTerms({ ...entry, actor: entry.actor.name }),
    ...wordsOf(entry.message).map(wordTerm),
  ])
}

export function termsOfFilter(filter: AuditFilter): SearchTerms {
  const words = wordsOf(filter.q ?? '')
  const last = words.at(-1)
  return {
    exact: [...memberTerms(filter), ...words.slice(0, -1).map(wordTerm)],
    ...(last === undefined ? {} : { prefix: wordTerm(last) }),
  }
}

/** Whether an entry passes a filter: what the index only suggests is decided here. */
export function matches(entry: AuditEntry, filter: AuditFilter): boolean {
  return (
    (filter.vm === undefined || entry.vm === filter.vm) &&
    (filter.actor === undefined || entry.actor.name === filter.actor) &&
    (filter.action === undefined || entry.action === filter.action) &&
    (filter.outcome === undefined || entry.outcome === filter.outcome) &&
    (filter.operation === undefined || entry.operation === filter.operation) &&
    (filter.from === undefined || entry.at >= filter.from) &&
    (filter.to === undefined || entry.at < filter.to) &&
    (filter.q === undefined || textMatcher(filter.q)(entry.message))
  )
}

/**
 * Whether every word of `text` stands in a message; the last one may be the beginning of one. Case does not matter.
 * @returns asks it of one message
 */
export function textMatcher(text: string): (message: string) => boolean {
  const wanted = wordsOf(text)
  const last = wanted.at(-1)
  if (last === undefined) return () => true
  return (message) => {
    const folded = fold(message)
    // Most messages are ruled out by a look at their letters, which costs a tenth of finding their words.
    if (!wanted.every((word) => folded.includes(word))) return false
    const words = wordsIn(folded)
    return (
      wanted.slice(0, -1).every((word) => words.includes(word)) && words.some((word) => word.startsWith(last))
    )
  }
}

const wordsOf = (text: string): string[] => wordsIn(fold(text))

/** Letters and digits are words, everything else stands between them. */
function wordsIn(folded: string): string[] {
  return folded.match(/[\p{L}\p{N}]+/gu)?.map(cut) ?? []
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase()

function memberTerms({ vm, actor, action, outcome, operation }: Searchable): string[] {
  const members = { v: vm, u: actor, a: action, o: outcome, p: operation }
  return Object.entries(members).flatMap(([letter, value]) =>
    value === undefined ? [] : [`${letter}=${cut(value)}`],
  )
}

const wordTerm = (word: string): string => `w=${word}`

const cut = (value: string): string => value.slice(0, TERM_LENGTH_MAX)
