import { authenticate, type AuthenticationOptions } from '../auth/authenticate.ts'
import { ConnectFlags, Feature } from '../constants.ts'
import { LibvirtError } from '../errors/libvirt-error.ts'
import { vcpuRemoved } from '../events/domain-events.ts'
import {
  connectDomainEventCallbackDeregisterAny,
  connectDomainEventCallbackRegisterAny,
  connectGetLibVersion,
  connectGetType,
  connectGetUri,
  connectGetVersion,
  connectOpen,
  connectSupportsFeature,
} from '../procedures/connect.ts'
import type { CallOptions } from './call-window.ts'
import type { RpcSession, SessionCallOptions } from './rpc-session.ts'

/** First library version with asynchronous unplug and the event `vcpuRemoved`. */
export const ASYNC_UNPLUG_VERSION = 12_004_000

/** What a connection knows of its daemon once it is open. */
export interface DaemonFacts {
  readonly uri: string
  readonly driver: string
  readonly libraryVersion: number
  readonly hypervisorVersion: number | null
  readonly supportsAsyncVcpuUnplug: boolean
}

interface HandshakeOptions extends CallOptions, AuthenticationOptions {
  /** What the daemon is asked to open, such as `qemu:///system`. */
  readonly daemonUri: string
  readonly readOnly: boolean
  /** Whether the daemon should send pings of its own. */
  readonly keepalive: boolean
}

/** Authenticates, opens the driver and asks what everybody wants to know. */
export async function shakeHands(session: RpcSession, options: HandshakeOptions): Promise<DaemonFacts> {
  const { daemonUri, readOnly, keepalive, signal, timeoutMs } = options
  const call: SessionCallOptions = { signal, timeoutMs, ownCall: true }
  await authenticate(session, options, call)
  const pings = keepalive
    ? session.call(connectSupportsFeature, { feature: Feature.PROGRAM_KEEPALIVE }, call)
    : Promise.resolve(null)
  const opened = session.call(connectOpen, { uri: daemonUri, flags: readOnly ? ConnectFlags.RO : 0 }, call)
  await Promise.all([pings, opened])
  const [library, hypervisor, uri, type] = await Promise.all([
    session.call(connectGetLibVersion, {}, call),
    unlessRefused(session.call(connectGetVersion, {}, call)),
    session.call(connectGetUri, {}, call),
    session.call(connectGetType, {}, call),
  ])
  const libraryVersion = Number(library.version)
  return {
    uri: uri.uri,
    driver: type.type,
    libraryVersion,
    hypervisorVersion: hypervisor === null ? null : Number(hypervisor.version),
    supportsAsyncVcpuUnplug:
      type.type === 'QEMU' &&
      (libraryVersion >= ASYNC_UNPLUG_VERSION || (await knowsVcpuRemoved(session, call))),
  }
}

/** An older version may still know the event by a distribution's backport: registering for it finds out. */
async function knowsVcpuRemoved(session: RpcSession, call: SessionCallOptions): Promise<boolean> {
  const registered = await unlessRefused(
    session.call(connectDomainEventCallbackRegisterAny, { eventId: vcpuRemoved.id, domain: null }, call),
  )
  if (registered === null) return false
  await unlessRefused(session.call(connectDomainEventCallbackDeregisterAny, registered, call))
  return true
}

/** `null` where libvirt refuses; an end of the connection stays an error. */
async function unlessRefused<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof LibvirtError) return null
    throw error
  }
}
