import { connect, domainSetVcpu, domainSetVcpusFlags, type Connection } from '@coreshift/libvirt'
import type { OpenConnection } from '../../../src/hosts/host-link.ts'

/** Connects as the product does; `before` is run when a request for vCPUs is about to be sent, which waits for it. */
export function watchRequests(before: () => Promise<void>): OpenConnection {
  return async (...args) => watched(await connect(...args), before)
}

function watched(connection: Connection, before: () => Promise<void>): Connection {
  return new Proxy(connection, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target)
      if (typeof value !== 'function') return value
      return (...args: readonly unknown[]): unknown => {
        const isRequest = key === 'call' && (args[0] === domainSetVcpu || args[0] === domainSetVcpusFlags)
        return isRequest
          ? before().then((): unknown => Reflect.apply(value, target, args))
          : Reflect.apply(value, target, args)
      }
    },
  })
}
