import type { ResizeMode } from '../operation-state.ts'
import { LiveRules } from './live-rules.ts'
import { NextBootRules } from './next-boot-rules.ts'
import type { SocketsRefusal } from './sockets-refusal.ts'
import { verdictOf, type SocketsVerdict } from './verdict.ts'
import type { VmFacts } from './vm-facts.ts'

/** What a request wants: a number of sockets, or the removal of chosen vCPUs. */
export type SocketsWish =
  | { readonly sockets: number; readonly removeVcpus?: undefined }
  | { readonly removeVcpus: readonly number[]; readonly sockets?: undefined }

export interface JudgeOptions {
  /** Codes that the person acknowledged. */
  readonly acknowledged?: readonly string[]
  /** Id of the open resize that this request takes over. */
  readonly replaces?: string
}

function reasonsFor(rules: LiveRules | NextBootRules, wish: SocketsWish): SocketsRefusal[] {
  return wish.sockets === undefined
    ? rules.reasonsForRemoval(wish.removeVcpus)
    : rules.reasonsForSockets(wish.sockets)
}

/**
 * Verdict on one request, values outside 1 to the maximum included. It asks the same rules as `socketsOptions`,
 * so that page and server cannot disagree. In mode `both` a reason against either half stands.
 */
export function judgeSockets(
  facts: VmFacts,
  wish: SocketsWish,
  mode: ResizeMode,
  options: JudgeOptions = {},
): SocketsVerdict {
  const live = mode === 'nextBoot' ? [] : reasonsFor(new LiveRules(facts, options.replaces), wish)
  const nextBoot = mode === 'live' ? [] : reasonsFor(new NextBootRules(facts, options.replaces), wish)
  const known = new Set(live.map((reason) => `${reason.code} ${reason.message}`))
  const further = nextBoot.filter((reason) => !known.has(`${reason.code} ${reason.message}`))
  return verdictOf([...live, ...further], options.acknowledged)
}
