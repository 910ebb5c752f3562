import { DefineFlags, XmlFlags, domainDefineXmlFlags, domainGetXmlDesc } from '@coreshift/libvirt'
import { Failure } from '../failure.ts'
import type { DomainSession, VmReader } from '../inventory/inventory-ports.ts'
import { failureOf } from '../inventory/libvirt-failure.ts'
import type { PreparePort } from './prepare-desk.ts'

/** Longest wait for one call, ms: reading and storing a definition does not ask the guest. */
const CALL_MS = 30_000

interface LibvirtPreparePortOptions {
  readonly vms: Pick<VmReader, 'facts' | 'snapshot' | 'session' | 'reread' | 'hostOf'>
  /** Told what went wrong without stopping anything. */
  readonly problem: (text: string, error: unknown) => void
}

/** Stored definitions, read and written on the VM's own host. */
export function createLibvirtPreparePort({ vms, problem }: LibvirtPreparePortOptions): PreparePort {
  function sessionOf(uuid: string): DomainSession {
    const session = vms.session(uuid)
    if (session) return session
    const host = vms.hostOf(uuid)?.name ?? 'of the VM'
    throw new Failure('host-offline', `Host ${host} cannot be reached at the moment; nothing was changed.`)
  }

  async function call<T>(uuid: string, work: (session: DomainSession) => Promise<T>): Promise<T> {
    try {
      return await work(sessionOf(uuid))
    } catch (error) {
      throw failureOf(error, uuid)
    }
  }

  return {
    facts(uuid) {
      const vm = vms.facts(uuid)
      const snapshot = vms.snapshot(uuid)
      if (!vm || !snapshot) return undefined
      const stored = snapshot.config ?? snapshot.live
      return {
        vm,
        emulated: stored?.domainType === 'qemu',
        numaCells: new Set(stored?.cells.values()).size,
      }
    },

    hostOf: (uuid) => vms.hostOf(uuid)?.id,

    async readAgain(uuid) {
      try {
        await vms.reread(uuid)
      } catch (error) {
        // A host that cannot be asked is a reason that the rules give, with all others.
        if (!(error instanceof Failure) || error.code !== 'host-offline') throw error
      }
    },

    storedXml: (uuid, { withSecrets }) =>
      call(uuid, async ({ connection, domain }) => {
        const flags = XmlFlags.INACTIVE | (withSecrets ? XmlFlags.SECURE : 0)
        const { xml } = await connection.call(domainGetXmlDesc, { domain, flags }, { timeoutMs: CALL_MS })
        return xml
      }),

    define: (uuid, xml) =>
      call(uuid, async ({ connection }) => {
        await connection.call(
          domainDefineXmlFlags,
          { xml, flags: DefineFlags.VALIDATE },
          { timeoutMs: CALL_MS },
        )
      }),

    refresh(uuid) {
      vms.reread(uuid).catch((error: unknown) => {
        // The change itself was made; the next event or resync shows it.
        problem(`reading ${uuid} after preparing it failed`, error)
      })
    },
  }
}
