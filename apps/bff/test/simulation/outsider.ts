import {
  domainCreateWithFlags,
  domainDefineXml,
  domainDestroyFlags,
  domainGetXmlDesc,
  domainMigratePerform3Params,
  domainSetVcpu,
  domainSetVcpusFlags,
  domainUndefineFlags,
  formatVcpuList,
  MigrateFlags,
  ModificationImpact,
  TypedParams,
  XmlFlags,
} from '@coreshift/libvirt'
import type { Procedure } from '@coreshift/libvirt/wire'
import type { FleetHost } from '@coreshift/demo-host'

/**
 * Another administrator with virsh. Calls go past the wire, straight into the daemon: their way is not what is under
 * test. What libvirt refuses is this person's problem, so nothing here rejects.
 */
export class Outsider {
  readonly #host: FleetHost

  constructor(host: FleetHost) {
    this.#host = host
  }

  destroy(uuid: string): Promise<unknown> {
    return this.#call(domainDestroyFlags, { domain: this.#ref(uuid), flags: 0 })
  }

  start(uuid: string): Promise<unknown> {
    return this.#call(domainCreateWithFlags, { domain: this.#ref(uuid), flags: 0 })
  }

  undefine(uuid: string): Promise<unknown> {
    return this.#call(domainUndefineFlags, { domain: this.#ref(uuid), flags: 0 })
  }

  setCount(uuid: string, count: number, where: 'live' | 'config'): Promise<unknown> {
    const flags = where === 'live' ? ModificationImpact.LIVE : ModificationImpact.CONFIG
    return this.#call(domainSetVcpusFlags, { domain: this.#ref(uuid), count, flags })
  }

  /** Chosen vCPUs of the running machine. */
  setVcpus(uuid: string, ids: readonly number[], on: boolean): Promise<unknown> {
    const vcpus = formatVcpuList(ids)
    const flags = ModificationImpact.LIVE
    return this.#call(domainSetVcpu, { domain: this.#ref(uuid), vcpus, state: on ? 1 : 0, flags })
  }

  /** As `virsh domrename` does it for a domain that is off. */
  async rename(uuid: string, name: string): Promise<void> {
    const xml = await this.#xml(uuid)
    if (xml === undefined) return
    await this.undefine(uuid)
    await this.#call(domainDefineXml, { xml: xml.replace(/<name>[^<]*<\/name>/, `<name>${name}</name>`) })
  }

  /** The stored definition is edited: another description. */
  async describe(uuid: string, text: string): Promise<void> {
    const xml = await this.#xml(uuid)
    if (xml === undefined) return
    const plain = xml.replace(/\s*<description>[^<]*<\/description>/, '')
    await this.#call(domainDefineXml, {
      xml: plain.replace('</uuid>', `</uuid>\n  <description>${text}</description>`),
    })
  }

  migrate(uuid: string, destination: FleetHost): Promise<unknown> {
    return this.#call(domainMigratePerform3Params, {
      domain: this.#ref(uuid),
      destinationUri: destination.uri,
      params: TypedParams.of(),
      cookieIn: new Uint8Array(),
      flags: MigrateFlags.LIVE | MigrateFlags.PEER2PEER | MigrateFlags.PERSIST_DEST,
    })
  }

  async #xml(uuid: string): Promise<string | undefined> {
    const answer = await this.#call(domainGetXmlDesc, { domain: this.#ref(uuid), flags: XmlFlags.INACTIVE })
    return answer?.xml
  }

  #ref(uuid: string) {
    return { uuid, name: '', id: -1 }
  }

  /** `undefined` when the daemon is down or refuses. */
  async #call<A, R>(procedure: Procedure<A, R>, args: A): Promise<R | undefined> {
    const nowhere = () => undefined
    const session = this.#host.daemon.accept({ write: nowhere, end: nowhere, destroy: nowhere })
    if (session === null) return undefined
    session.driver = { readOnly: false, uri: 'qemu:///system' }
    try {
      const entry = session.daemon.table.find(procedure.program, procedure.number)
      // The table's entry of this procedure answers with its result type.
      return (await entry?.handle(session, args)) as R
    } catch {
      // A refusal: the person shrugs.
      return undefined
    } finally {
      session.destroy()
    }
  }
}
