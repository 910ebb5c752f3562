// A simulated libvirt host with many VMs: another machine than the server's, so a process of its own.
import { z } from 'zod'
import { startDemo } from '../../packages/demo-host/src/index.ts'

const Order = z.object({ what: z.literal('start'), folder: z.string(), vms: z.int() })

process.on('message', (message: unknown) => {
  const { folder, vms } = Order.parse(message)
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
  void startDemo({ story, folder }).then((demo) => process.send?.({ uri: demo.hosts[0]?.uri }))
})
process.on('disconnect', () => process.exit(0))
