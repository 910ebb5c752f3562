import type { Random } from '../random.ts'

/** A packet that is about to go out. */
export interface OutgoingPacket {
  readonly kind: 'reply' | 'event' | 'keepalive'
  /** For a reply the libvirt function, e.g. `virDomainSetVcpusFlags`; for an event its kind, e.g. `vcpu-removed`. */
  readonly name: string
  /** UUID of the domain that an event is about. */
  readonly domain: string | null
  /** Number of the connection since the daemon was made, from 0. */
  readonly session: number
}

/** What happens to a packet on its way out. */
export type Fault =
  | { readonly kind: 'lose' }
  | { readonly kind: 'duplicate' }
  /** Comes later; what was sent after it overtakes it. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Waits for the next event, so that the event comes before the reply. */
  | { readonly kind: 'after-event'; readonly atMostMs: number }
  /** The connection ends in the middle of the packet. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Goes out in small pieces. */
  | { readonly kind: 'drip'; readonly bytes: number; readonly everyMs: number }
  /** Is sent, then nothing goes out for a while. */
  | { readonly kind: 'stall'; readonly ms: number }
  /** Is spoiled: a length word that no packet has, or a payload of garbage. */
  | { readonly kind: 'malform'; readonly what: 'length' | 'payload' }

export const FAULT_KINDS = [
  'lose',
  'duplicate',
  'delay',
  'after-event',
  'cut',
  'drip',
  'stall',
  'malform',
] as const satisfies readonly Fault['kind'][]

/** When a fault strikes. What is not given matches everything. */
export interface FaultRule {
  readonly on?: OutgoingPacket['kind']
  readonly name?: string
  readonly domain?: string
  readonly session?: number
  readonly fault: Fault
  /** How many matching packets pass unharmed first; 0 by default. */
  readonly skip?: number
  /** How often it strikes; 1 by default. */
  readonly times?: number
  /** Probability for each matching packet; 1 by default. Drawn from the seed. */
  readonly chance?: number
}

interface Armed {
  readonly rule: FaultRule
  skip: number
  left: number
}

/** The faults of one daemon: rules are tried in the order in which they were added, the first that strikes counts. */
export class FaultScript {
  readonly #random: Random
  #rules: Armed[] = []

  constructor(random: Random) {
    this.#random = random
  }

  /** Adds a rule. Returns how to take it back. */
  add(rule: FaultRule): () => void {
    const armed: Armed = { rule, skip: rule.skip ?? 0, left: rule.times ?? 1 }
    this.#rules.push(armed)
    return () => {
      this.#rules = this.#rules.filter((each) => each !== armed)
    }
  }

  clear(): void {
    this.#rules = []
  }

  /** Rules that can still strike. */
  get armed(): number {
    return this.#rules.length
  }

  /** The fault for this packet, if any; counts it. */
  take(packet: OutgoingPacket): Fault | undefined {
    for (const armed of this.#rules) {
      if (!matches(armed.rule, packet)) continue
      if (armed.skip > 0) {
        armed.skip--
        continue
      }
      if (armed.rule.chance !== undefined && !this.#random.chance(armed.rule.chance)) continue
      armed.left--
      if (armed.left <= 0) this.#rules = this.#rules.filter((each) => each !== armed)
      return armed.rule.fault
    }
    return undefined
  }
}

function matches(rule: FaultRule, packet: OutgoingPacket): boolean {
  return (
    (rule.on === undefined ? packet.kind !== 'keepalive' : rule.on === packet.kind) &&
    (rule.name === undefined || rule.name === packet.name) &&
    (rule.domain === undefined || rule.domain === packet.domain) &&
    (rule.session === undefined || rule.session === packet.session)
  )
}
