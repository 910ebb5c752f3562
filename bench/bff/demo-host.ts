// A simulated libvirt host with many VMs: another machine than the server's, so a process of its own.
import { z } from 'zod'
import { startDemo } from '../../packages/demo-host/src/index.ts'

const Order = z.discriminatedUnion('what', [
  z.object({ what: z.literal('start'), folder: z.string(), vms: z.int() }),
  z.object({ what: z.literal('newest-event') }),
])

/** When the host last had something to tell, on the monotonic clock that all processes of this machine share, ms. */
let newestEventAt = 0

process.on('message', (message: unknown) => {
  const order = Order.parse(message)
  if (order.what === 'newest-event') {
    process.send?.({ at: newestEventAt })
    return
  }
  const { folder, vms } = order
  const story = [
    {
      name: 'bench',
      version: '12.8.0' as const,
      vms: Array.from({ length: vms }, (_, index) => ({
        name: `vm-${String(index).padStart(5, '0')}`,
        os: 'debian-12' as const,
        sockets: 4,
        maxSockets: 8,
      })),
    },
  ]
  void startDemo({ story, folder }).then(({ hosts: [first] }) => {
    first?.host.subscribe(() => (newestEventAt = Number(process.hrtime.bigint()) / 1e6))
    process.send?.({ uri: first?.uri })
  })
})
process.on('disconnect', () => process.exit(0))
