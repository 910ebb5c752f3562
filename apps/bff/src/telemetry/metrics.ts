import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { OPERATION_STATES } from '@coreshift/shared'
import { HOST_STATES } from '@coreshift/shared/contract'
import type { HostDirectory } from '../hosts/host-directory.ts'
import type { VmDirectory } from '../inventory/vm-directory.ts'
import type { ResizeDesk } from '../resize/resize-desk.ts'

/** Seconds; most answers take well under a millisecond, and five minutes is where requests are cut. */
const REQUEST_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30]

/** Seconds; the goal is 5 ms, a frame of the live view takes 50 ms. */
const EVENT_LAG_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]

/** Calls to one host's libvirt that have no answer yet. */
interface HostCalls {
  readonly host: string
  readonly inFlight: number
  /** Wait until there is room among those in flight. */
  readonly queued: number
}

export interface Metrics {
  /** From libvirt's event to the frame that tells of it. */
  observeEventLag(ms: number): void
  observeRequest(request: { method: string; route: string; status: number; seconds: number }): void
  /** Prometheus text format. */
  render(): Promise<{ contentType: string; text: string }>
}

/** Asked when Prometheus asks: figures that exist already are not kept a second time. */
export interface MetricSources {
  readonly vms: Pick<VmDirectory, 'list'>
  readonly desk: Pick<ResizeDesk, 'listOpen'>
  readonly hosts: Pick<HostDirectory, 'list'>
  readonly liveSockets: () => number
  readonly liveTopics: () => number
  /** Frames that wait for the network, of all connections. */
  readonly liveQueue: () => number
  readonly libvirtCalls: () => readonly HostCalls[]
  /** Database transactions that have begun or wait for their turn. */
  readonly pendingWrites: () => number
}

export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const requests = new Histogram({
    name: 'coreshift_http_request_seconds',
    help: 'Time until an answer was sent',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_BUCKETS_S,
    registers,
  })
  const eventLag = new Histogram({
    name: 'coreshift_event_lag_seconds',
    help: "Time from libvirt's event to the frame of the live view that tells of it",
    buckets: EVENT_LAG_BUCKETS_S,
    registers,
  })
  gauge('coreshift_live_sockets', 'Live connections of pages and programs', sources.liveSockets)
  gauge('coreshift_live_topics', 'Topics that somebody watches', sources.liveTopics)
  gauge('coreshift_live_queue', 'Packets that wait for slow viewers', sources.liveQueue)
  gauge('coreshift_database_writes', 'Transactions at work or waiting for their turn', sources.pendingWrites)
  gauge('coreshift_vms', 'Virtual machines known', () => sources.vms.list().length)
  const openByState = new Gauge({
    name: 'coreshift_open_operations',
    help: 'Resize operations that have not ended',
    labelNames: ['state'],
    registers,
    collect() {
      countInto(this, 'state', OPERATION_STATES, sources.desk.listOpen())
    },
  })
  const hostsByState = new Gauge({
    name: 'coreshift_hosts',
    help: 'Hosts by state of their connection',
    labelNames: ['state'],
    registers,
    collect() {
      countInto(this, 'state', HOST_STATES, sources.hosts.list())
    },
  })
  const libvirtCalls = new Gauge({
    name: 'coreshift_libvirt_calls',
    help: 'Calls to libvirt that have no answer yet',
    labelNames: ['host', 'state'],
    registers,
    collect() {
      // Hosts come and go.
      this.reset()
      for (const { host, inFlight, queued } of sources.libvirtCalls()) {
        this.set({ host, state: 'in-flight' }, inFlight)
        this.set({ host, state: 'queued' }, queued)
      }
    },
  })
  void [openByState, hostsByState, libvirtCalls]

  function gauge(name: string, help: string, read: () => number): void {
    const made: Gauge = new Gauge({ name, help, registers, collect: () => made.set(read()) })
  }

  return {
    observeEventLag: (ms) => eventLag.observe(ms / 1000),
    observeRequest({ method, route, status, seconds }) {
      requests.observe({ method, route, status: String(status) }, seconds)
    },
    async render() {
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}

function countInto<S extends string>(
  gauge: Gauge,
  label: string,
  states: readonly S[],
  items: readonly { readonly state: S }[],
): void {
  for (const state of states) gauge.set({ [label]: state }, 0)
  for (const { state } of items) gauge.inc({ [label]: state })
}
