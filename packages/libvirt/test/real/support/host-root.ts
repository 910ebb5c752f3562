import { realHostUri } from '../../../../../e2e/real-host/real-host.ts'
import { parseLibvirtUri } from '../../../src/index.ts'

const SOCKET = '/run/libvirt/libvirt-sock'

/** The folder of the host's whole system, which its socket's path gives away where the kit has made it. */
export function hostRoot(): string {
  const { socket } = parseLibvirtUri(realHostUri())
  if (socket === null || !socket.endsWith(SOCKET) || socket === SOCKET) {
    throw new Error('these tests start a daemon of their own and need the kit’s host (`npm run host:up`)')
  }
  return socket.slice(0, -SOCKET.length)
}
