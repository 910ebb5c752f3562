import { LibvirtFault, type FleetHost } from '@coreshift/demo-host'
import {
  domainSetVcpu,
  domainSetVcpusFlags,
  ErrorCode,
  ErrorDomain,
  ModificationImpact,
  parseVcpuList,
} from '@coreshift/libvirt'
import type { Procedure } from '@coreshift/libvirt/wire'

/** A request to change vCPUs, as a daemon reads it. */
export interface ChangeRequest {
  readonly vm: string
  readonly config: boolean
  readonly enable: boolean | undefined
  /** Of a request by number. */
  readonly count?: number
  /** Of a request by id. */
  readonly ids?: readonly number[]
}

interface RequestLogOptions {
  /** Whether the session is the server's that is under test. */
  readonly isOurs: (host: FleetHost, session: number) => boolean
  /** Told of every request of ours at the moment at which the daemon begins with it. */
  readonly onOurs: (request: ChangeRequest) => void
  readonly onRefused: () => void
}

/** Hears every request to change vCPUs where it counts, in the daemon, and can let the daemon refuse some. */
export class RequestLog {
  readonly #refusals = new Map<FleetHost, number>()

  constructor(hosts: readonly FleetHost[], options: RequestLogOptions) {
    for (const host of hosts) {
      this.#hear(host, options, domainSetVcpusFlags, ({ domain, count, flags }) => ({
        vm: domain.uuid,
        config: (flags & ModificationImpact.CONFIG) !== 0,
        enable: undefined,
        count,
      }))
      this.#hear(host, options, domainSetVcpu, ({ domain, vcpus, state, flags }) => ({
        vm: domain.uuid,
        config: (flags & ModificationImpact.CONFIG) !== 0,
        enable: state === 1,
        ids: parseVcpuList(vcpus),
      }))
    }
  }

  /** The daemon refuses the next requests of the server under test at the door. */
  refuseNext(host: FleetHost, times: number): void {
    this.#refusals.set(host, times)
  }

  forgiveAll(): void {
    this.#refusals.clear()
  }

  #hear<A, R>(
    host: FleetHost,
    { isOurs, onOurs, onRefused }: RequestLogOptions,
    procedure: Procedure<A, R>,
    read: (args: A) => ChangeRequest,
  ): void {
    const { table } = host.daemon
    const entry = table.find(procedure.program, procedure.number)
    if (!entry) throw new Error(`the simulated daemon does not know ${procedure.name}`)
    table.on(procedure, entry.access, (session, args) => {
      if (isOurs(host, session.number)) {
        onOurs(read(args))
        const left = this.#refusals.get(host) ?? 0
        if (left > 0) {
          this.#refusals.set(host, left - 1)
          onRefused()
          // Somebody else changes something at the same moment: the look that this leads to began before the refusal.
          const domain = host.host.domains.get(read(args).vm)
          if (domain) host.host.emit({ kind: 'tunable', domain: domain.ref, params: [] })
          throw new LibvirtFault(ErrorCode.INTERNAL_ERROR, ErrorDomain.QEMU, 'cannot allocate memory')
        }
      }
      // The table's entry of this procedure answers with its result type.
      return entry.handle(session, args) as R | Promise<R>
    })
  }
}
