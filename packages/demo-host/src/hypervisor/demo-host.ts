import type { DomainDefinition } from '../definition/domain-definition.ts'
import { type GuestProfile, promptGuest } from '../guest/guest-profile.ts'
import { type Random, seededRandom } from '../random.ts'
import type { Clock } from '../time/clock.ts'
import { DaemonFeatures, type DaemonVersion } from './daemon-version.ts'
import { Domain } from './domain.ts'
import type { HostEvent } from './host-event.ts'
import { noDomain } from './libvirt-fault.ts'

/** The physical machine that a host pretends to be. */
export interface HostHardware {
  readonly arch: string
  /** `kvm` hosts also run `qemu` domains. */
  readonly kvm: boolean
  readonly model: string
  readonly memoryKib: number
  readonly mhz: number
  readonly nodes: number
  readonly socketsPerNode: number
  readonly coresPerSocket: number
  readonly threadsPerCore: number
}

interface DemoHostOptions {
  readonly name: string
  readonly version?: DaemonVersion
  readonly hardware?: Partial<HostHardware>
  readonly clock: Clock
  readonly seed: string | number
}

const DEFAULT_HARDWARE: HostHardware = {
  arch: 'x86_64',
  kvm: true,
  model: 'x86_64',
  memoryKib: 256 * 1024 * 1024,
  mhz: 2600,
  nodes: 2,
  socketsPerNode: 1,
  coresPerSocket: 16,
  threadsPerCore: 2,
}

/** Where a host keeps the peers that it can migrate to, by the URI that clients name. */
type PeerLookup = (uri: string) => DemoHost | undefined

/** A simulated hypervisor host. It knows nothing of the wire; callers are the protocol server and tests. */
export class DemoHost {
  readonly name: string
  readonly clock: Clock
  readonly random: Random
  readonly features: DaemonFeatures
  readonly hardware: HostHardware
  readonly domains = new Map<string, Domain>()
  /** Finds the host behind a migration URI. */
  peers: PeerLookup = () => undefined
  #nextId = 1
  readonly #byName = new Map<string, Domain>()
  readonly #listeners = new Set<(event: HostEvent) => void>()

  constructor(options: DemoHostOptions) {
    this.name = options.name
    this.clock = options.clock
    this.random = seededRandom(`${options.seed}/${options.name}`)
    this.features = new DaemonFeatures(options.version ?? '12.8.0')
    this.hardware = { ...DEFAULT_HARDWARE, ...options.hardware }
  }

  /** Logical CPUs of the machine. */
  get cpus(): number {
    const { nodes, socketsPerNode, coresPerSocket, threadsPerCore } = this.hardware
    return nodes * socketsPerNode * coresPerSocket * threadsPerCore
  }

  /** Calls `listener` for everything that happens, at the moment it happens. Returns how to stop. */
  subscribe(listener: (event: HostEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  emit(event: HostEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  takeId(): number {
    return this.#nextId++
  }

  /** Adds a domain with its guest. */
  addDomain(definition: DomainDefinition, persistent: boolean, guest?: GuestProfile): Domain {
    const domain = new Domain(definition, persistent, guest ?? promptGuest(definition.name), this.clock)
    this.domains.set(domain.uuid, domain)
    this.#byName.set(definition.name, domain)
    return domain
  }

  removeDomain(domain: Domain): void {
    this.domains.delete(domain.uuid)
    if (this.#byName.get(domain.name) === domain) this.#byName.delete(domain.name)
  }

  /** Throws LibvirtFault 42. */
  byUuid(uuid: string, name = ''): Domain {
    const domain = this.domains.get(uuid)
    if (domain === undefined) {
      throw noDomain(`no domain with matching uuid '${uuid}'${name === '' ? '' : ` (${name})`}`)
    }
    return domain
  }

  findByName(name: string): Domain | undefined {
    return this.#byName.get(name)
  }

  /** Throws LibvirtFault 42. */
  byName(name: string): Domain {
    const domain = this.#byName.get(name)
    if (domain === undefined) throw noDomain(`no domain with matching name '${name}'`)
    return domain
  }

  /** Throws LibvirtFault 42. */
  byId(id: number): Domain {
    for (const domain of this.domains.values()) if (domain.machine?.id === id) return domain
    throw noDomain(`no domain with matching id ${id}`)
  }
}
