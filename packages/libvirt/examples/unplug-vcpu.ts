import { connect, domainGetVcpusFlags, domainLookupByName, domainSetVcpusFlags } from '@coreshift/libvirt'
import { deviceRemovalFailed, VcpuFlags, vcpuRemoved } from '@coreshift/libvirt'

const [uri = 'qemu:///system', name = 'my-vm'] = process.argv.slice(2)
await using connection = await connect(uri)
if (!connection.supportsAsyncVcpuUnplug) throw new Error('this daemon is older than libvirt 12.4')

const { domain } = await connection.call(domainLookupByName, { name })
const flags = VcpuFlags.LIVE
const { count } = await connection.call(domainGetVcpusFlags, { domain, flags })

// Registered first: the event may come before the reply.
const removed = connection.events(vcpuRemoved, { domain })
const refused = connection.events(deviceRemovalFailed, { domain })
await Promise.all([removed.ready, refused.ready])
await connection.call(domainSetVcpusFlags, {
  domain,
  count: count - 1,
  flags: flags | VcpuFlags.ASYNC_UNPLUG,
})

const { value } = await Promise.race([removed.next(), refused.next()])
console.log(value !== undefined && 'vcpuId' in value ? `vCPU ${value.vcpuId} is gone` : 'the guest refused')
