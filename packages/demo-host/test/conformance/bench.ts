import {
  type Connection,
  domainDefineXmlFlags,
  domainDestroyFlags,
  type DomainEvent,
  domainGetXmlDesc,
  type DomainRef,
  domainUndefineFlags,
  type EventDefinition,
  isNoDomain,
  isOperationInvalid,
  LibvirtError,
  type Procedure,
  XmlFlags,
} from '@coreshift/libvirt'

/** Kinds of domains that the suite works with. */
export type GuestKind =
  /** Firmware without a system: takes vCPUs, never gives one back. */
  | 'firmware'
  /** Linux on x86-64 with a guest agent: lets vCPUs go. */
  | 'agent'
  /** Linux on ppc64le, units of two vCPUs, no agent. */
  | 'ppc'

/** A host under test: a simulated one or a real one. */
export interface Bench {
  readonly connection: Connection
  /** XML of a guest under a name of its own. */
  guestXml(kind: GuestKind, name: string, uuid: string): Promise<string>
  /** Told after a guest was defined: the simulation learns how the guest behaves. */
  defined(kind: GuestKind, name: string): void
  /** Waits for a promise, however time passes here. */
  until<T>(promise: Promise<T>): Promise<T>
  /** Waits until `condition` holds; it may ask the host. */
  waitFor(condition: () => boolean | Promise<boolean>, what: string): Promise<void>
  /** Lets `ms` pass. */
  pause(ms: number): Promise<void>
  end(): Promise<void>
}

/** Calls, waiting in the bench's time. */
export function call<A, R>(bench: Bench, procedure: Procedure<A, R>, args: A): Promise<R> {
  return bench.until(bench.connection.call(procedure, args))
}

/** Code and domain of the refusal; throws when the call goes through. */
export async function refusal<A, R>(bench: Bench, procedure: Procedure<A, R>, args: A): Promise<string> {
  try {
    await call(bench, procedure, args)
  } catch (error) {
    if (error instanceof LibvirtError) return `${error.code} from ${error.domain}`
    throw error
  }
  throw new Error(`${procedure.name} went through; it must be refused`)
}

/** Defines a guest. */
export async function define(bench: Bench, kind: GuestKind, name: string, uuid: string): Promise<DomainRef> {
  const xml = await bench.guestXml(kind, name, uuid)
  const { domain } = await call(bench, domainDefineXmlFlags, { xml, flags: 0 })
  bench.defined(kind, name)
  return domain
}

/** Ends and removes a domain, whatever state it is in. */
export async function remove(bench: Bench, domain: DomainRef): Promise<void> {
  for (const procedure of [domainDestroyFlags, domainUndefineFlags]) {
    try {
      await call(bench, procedure, { domain, flags: 0 })
    } catch (error) {
      // Off already, or gone with its end.
      if (!isNoDomain(error) && !isOperationInvalid(error)) throw error
    }
  }
}

export async function xmlOf(bench: Bench, domain: DomainRef, stored = false): Promise<string> {
  return (await call(bench, domainGetXmlDesc, { domain, flags: stored ? XmlFlags.INACTIVE : 0 })).xml
}

/** The lines about vCPUs: `<vcpu>` and the list below it. */
export function vcpuLines(xml: string): string[] {
  return xml
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('<vcpu '))
}

/** Collects one kind of event of one domain. */
export async function watch<E extends DomainEvent>(
  bench: Bench,
  event: EventDefinition<E>,
  domain: DomainRef,
): Promise<E[]> {
  const seen: E[] = []
  await bench.until(bench.connection.subscribe(event, (each) => void seen.push(each), { domain }))
  return seen
}
