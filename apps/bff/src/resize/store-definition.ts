import {
  DefineFlags,
  LibvirtError,
  ModificationImpact,
  SetVcpuFlags,
  VcpuFlags,
  XmlFlags,
  domainDefineXmlFlags,
  domainGetXmlDesc,
  domainSetVcpu,
  domainSetVcpusFlags,
  formatVcpuList,
  isConnectionError,
} from '@coreshift/libvirt'
import { changedDefinition, vcpusPerSocket } from '@coreshift/shared'
import type { DomainSession } from '../inventory/inventory-ports.ts'
import { parseDomainXml } from '../inventory/parse-domain-xml.ts'
import { definitionFacts } from '../inventory/vm-facts.ts'
import { writeDefinition } from '../prepare/write-definition.ts'
import type { SubmitError } from './engine/engine-io.ts'
import type { EngineMemory } from './operation-record.ts'
import { submitError } from './send-request.ts'

export type StoredWish = Pick<EngineMemory, 'configRemove' | 'configSocketsMax' | 'configRemovable'>

/**
 * Stores the vCPUs of the next boot. Doing it twice does no harm.
 * @returns what went wrong; `lost`: nobody knows whether it was stored. Never rejects for what libvirt or the
 * connection does
 */
export async function storeDefinition(
  session: DomainSession,
  vcpus: number,
  wish: StoredWish,
): Promise<{ error: SubmitError; lost: boolean } | undefined> {
  try {
    if (wish.configSocketsMax !== undefined) await storeWithRoom(session, vcpus, wish.configSocketsMax, wish)
    else if (wish.configRemove) await leaveOut(session, wish.configRemove)
    else await storeCount(session, vcpus, wish)
    return undefined
  } catch (error) {
    if (error instanceof LibvirtError) return { error: submitError(error), lost: false }
    if (isConnectionError(error)) return { error: submitError(error), lost: true }
    throw error
  }
}

async function leaveOut({ connection, domain }: DomainSession, ids: readonly number[]): Promise<void> {
  const args = { domain, vcpus: formatVcpuList(ids), state: 0, flags: SetVcpuFlags.CONFIG }
  await connection.call(domainSetVcpu, args)
}

/** What is added stays removable after that boot, where the machine has CPU hot-plug. */
async function storeCount(
  { connection, domain }: DomainSession,
  vcpus: number,
  { configRemovable }: StoredWish,
): Promise<void> {
  const flags = ModificationImpact.CONFIG | (configRemovable === false ? 0 : VcpuFlags.HOTPLUGGABLE)
  await connection.call(domainSetVcpusFlags, { domain, count: vcpus, flags })
}

/**
 * libvirt's call for the maximum refuses one that the topology does not make ("CPU topology doesn't match the desired
 * vcpu count", qemuDomainSetVcpusMax in src/qemu/qemu_driver.c), so both are written at once.
 */
async function storeWithRoom(
  { connection, domain }: DomainSession,
  vcpus: number,
  socketsMax: number,
  { configRemovable }: StoredWish,
): Promise<void> {
  const { xml } = await connection.call(domainGetXmlDesc, {
    domain,
    flags: XmlFlags.INACTIVE | XmlFlags.SECURE,
  })
  const stored = parseDomainXml(xml)
  const facts = definitionFacts(stored)
  const perSocket = vcpusPerSocket(facts.topology)
  const target = changedDefinition(facts, stored.arch, {
    socketsMax: Math.max(socketsMax, Math.floor(facts.maximum / perSocket)),
    sockets: vcpus / perSocket,
    removable: false,
    addedRemovable: configRemovable !== false,
  })
  const edited = writeDefinition(xml, target)
  await connection.call(domainDefineXmlFlags, { xml: edited, flags: DefineFlags.VALIDATE })
}
