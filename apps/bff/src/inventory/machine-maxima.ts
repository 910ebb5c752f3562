import { connectGetDomainCapabilities, type Connection } from '@coreshift/libvirt'
import { XmlAttribute, XmlDocument } from 'libxml2-wasm'
import type { DomainDefinition } from './domain-definition.ts'
import { DomainXmlError, SAFE_XML } from './parse-domain-xml.ts'

/** libvirt starts a QEMU to find out what a machine type can do, where it has not before. */
const CAPABILITIES_CALL_MS = 60_000

/** What a machine type depends on: the same name is another machine under another emulator. */
export type MachineType = Pick<DomainDefinition, 'arch' | 'machine' | 'domainType'>

interface MachineMaximaDependencies {
  readonly connection: Connection
  /** An answer came: VMs of this type know their maximum now. */
  readonly learned: (type: MachineType) => void
  readonly problem: (text: string, error: unknown) => void
}

/**
 * vCPUs that the machine types of one host take at most. Each type is asked for once per connection, because the
 * answer is large (212 kB for x86) and changes only with the host's software.
 */
export class MachineMaxima {
  readonly #dependencies: MachineMaximaDependencies
  readonly #known = new Map<string, number | undefined>()

  constructor(dependencies: MachineMaximaDependencies) {
    this.#dependencies = dependencies
  }

  /** `undefined` as long as it is not known, and for good where the host does not tell. */
  of(type: MachineType): number | undefined {
    return this.#known.get(keyOf(type))
  }

  /** Has the host asked, unless it was. */
  learn(type: MachineType): void {
    const key = keyOf(type)
    if (this.#known.has(key)) return
    this.#known.set(key, undefined)
    this.#ask(type).then(
      (maximum) => {
        this.#known.set(key, maximum)
        this.#dependencies.learned(type)
      },
      (error: unknown) => {
        // Without a connection nothing is known any more; the next one starts anew.
        if (this.#dependencies.connection.state !== 'open') return
        this.#dependencies.problem(`the maximum of machine type ${type.machine} is not known`, error)
      },
    )
  }

  async #ask({ arch, machine, domainType }: MachineType): Promise<number> {
    const { xml } = await this.#dependencies.connection.call(
      connectGetDomainCapabilities,
      { emulator: null, arch, machine, virtType: domainType, flags: 0 },
      { timeoutMs: CAPABILITIES_CALL_MS },
    )
    return readMaximum(xml)
  }
}

export function isSameType(a: MachineType, b: MachineType): boolean {
  return keyOf(a) === keyOf(b)
}

function keyOf({ arch, machine, domainType }: MachineType): string {
  return `${domainType} ${arch} ${machine}`
}

function readMaximum(xml: string): number {
  const document = XmlDocument.fromString(xml, { option: SAFE_XML })
  try {
    const attribute = document.root.get('vcpu/@max')
    const maximum = attribute instanceof XmlAttribute ? Number(attribute.value) : Number.NaN
    if (!(Number.isInteger(maximum) && maximum > 0)) {
      throw new DomainXmlError('the domain capabilities name no maximum of vCPUs')
    }
    return maximum
  } finally {
    document.dispose()
  }
}
