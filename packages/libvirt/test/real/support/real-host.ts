import { randomUUID } from 'node:crypto'
import {
  connect,
  type Connection,
  type ConnectOptions,
  domainDefineXmlFlags,
  domainDestroyFlags,
  type DomainEvent,
  domainGetXmlDesc,
  domainLookupByName,
  type DomainRef,
  domainUndefineFlags,
  type EventDefinition,
  isNoDomain,
  isOperationInvalid,
  UndefineFlags,
  XmlFlags,
} from '../../../src/index.ts'

/** The host that the tests in this folder need; they are not collected without it. */
export function realUri(): string {
  const uri = process.env['CORESHIFT_REAL_URI']
  if (uri === undefined || uri === '') {
    throw new Error('these tests need CORESHIFT_REAL_URI, such as the URI that `npm run host:status` prints')
  }
  return uri
}

export function connectReal(options: ConnectOptions = {}): Promise<Connection> {
  return connect(realUri(), { timeoutMs: 60_000, ...options })
}

/** A small domain without a disk: it runs its firmware and nothing else. */
export function plainDomainXml(name: string, uuid: string = randomUUID()): string {
  return `<domain type='qemu'>
  <name>${name}</name>
  <uuid>${uuid}</uuid>
  <memory unit='MiB'>64</memory>
  <vcpu current='1'>4</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <features><acpi/><apic/></features>
  <devices>
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
  </devices>
</domain>`
}

/** Defines a copy of one of the host's guests under another name, so that nobody else's work on it is disturbed. */
export async function copyGuest(connection: Connection, original: string, name: string): Promise<DomainRef> {
  const { domain } = await connection.call(domainLookupByName, { name: original })
  const { xml } = await connection.call(domainGetXmlDesc, { domain, flags: XmlFlags.INACTIVE })
  const copy = xml
    .replace(`<name>${original}</name>`, `<name>${name}</name>`)
    .replace(`<uuid>${domain.uuid}</uuid>`, `<uuid>${randomUUID()}</uuid>`)
    .replace(`/${original}.log`, `/${name}.log`)
  return (await connection.call(domainDefineXmlFlags, { xml: copy, flags: 0 })).domain
}

/** Ends and removes a domain, whatever state it is in. */
export async function removeDomain(connection: Connection, domain: DomainRef): Promise<void> {
  try {
    await connection.call(domainDestroyFlags, { domain, flags: 0 })
  } catch (error) {
    if (isNoDomain(error)) return
    if (!isOperationInvalid(error)) throw error
  }
  try {
    const flags = UndefineFlags.MANAGED_SAVE | UndefineFlags.NVRAM
    await connection.call(domainUndefineFlags, { domain, flags })
  } catch (error) {
    // A transient domain is gone with its end.
    if (!isNoDomain(error) && !isOperationInvalid(error)) throw error
  }
}

/** Collects events, and waits for one that fits. */
export async function watch<E extends DomainEvent>(
  connection: Connection,
  event: EventDefinition<E>,
  domain: DomainRef,
): Promise<{
  readonly seen: readonly E[]
  waitFor(fits: (each: E) => boolean, timeoutMs?: number): Promise<E>
}> {
  const seen: E[] = []
  let notify = (): void => undefined
  await connection.subscribe(
    event,
    (each) => {
      seen.push(each)
      notify()
    },
    { domain },
  )
  return {
    seen,
    async waitFor(fits, timeoutMs = 180_000) {
      const { promise, resolve, reject } = Promise.withResolvers<E>()
      const timer = setTimeout(
        () => reject(new Error(`no such ${event.name} within ${timeoutMs} ms`)),
        timeoutMs,
      )
      const look = (): void => {
        const found = seen.find(fits)
        if (found !== undefined) resolve(found)
      }
      notify = look
      look()
      try {
        return await promise
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
