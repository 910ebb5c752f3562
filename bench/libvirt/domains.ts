import { randomUUID } from 'node:crypto'
import {
  type Connection,
  connectListAllDomains,
  domainCreateXml,
  domainDestroy,
  type DomainRef,
} from '../../packages/libvirt/src/index.ts'

const PREFIX = 'bench-'

/** Starts `count` domains in the test driver; those of an earlier run that was cut short go first. */
export async function startDomains(connection: Connection, count: number): Promise<DomainRef[]> {
  await endDomains(connection)
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const xml = domainXml(`${PREFIX}${String(i).padStart(4, '0')}`)
      return (await connection.call(domainCreateXml, { xml, flags: 0 })).domain
    }),
  )
}

export async function endDomains(connection: Connection): Promise<void> {
  const { domains } = await connection.call(connectListAllDomains, { needResults: 1, flags: 0 })
  const ours = domains.filter(({ name }) => name.startsWith(PREFIX))
  await Promise.all(ours.map((domain) => connection.call(domainDestroy, { domain })))
}

function domainXml(name: string): string {
  return `<domain type='test'>
  <name>${name}</name>
  <uuid>${randomUUID()}</uuid>
  <memory unit='MiB'>512</memory>
  <vcpu current='4'>16</vcpu>
  <os><type>hvm</type></os>
  <cpu><topology sockets='16' cores='1' threads='1'/></cpu>
  <devices>
    <disk type='file' device='disk'><source file='/${name}.img'/><target dev='vda' bus='virtio'/></disk>
    <interface type='network'><source network='default'/><model type='virtio'/></interface>
  </devices>
</domain>`
}
