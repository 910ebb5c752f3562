import {
  DomainState,
  DomainStats,
  DomainStatsFlags,
  JobOperation,
  ShutoffReason,
  connectGetAllDomainStats,
  domainGetJobStats,
  domainGetState,
  domainGetVcpus,
  domainGetXmlDesc,
  domainIsPersistent,
  isNoDomain,
  isOperationInvalid,
  XmlFlags,
  type Connection,
  type DomainRef,
  type TypedParams,
} from '@coreshift/libvirt'
import type { DefinitionCache } from './definition-cache.ts'
import type { DomainDefinition } from './domain-definition.ts'
import type { DomainSnapshot } from './domain-snapshot.ts'
import { statusOf } from './domain-status.ts'

/** Longest wait for one of the calls that a read is made of, ms. libvirt itself gives up on a stuck QEMU after 30 s. */
const READ_CALL_MS = 45_000

const JOBS_THAT_MOVE: ReadonlySet<number> = new Set([JobOperation.MIGRATION_IN, JobOperation.MIGRATION_OUT])

/** What the last read of a running domain lets one ask for without waiting for its definition. */
export interface ExpectedMachine {
  /** Relied on: libvirt sends an event when a definition is stored or removed. */
  readonly persistent: boolean
  readonly vcpuMax: number
}

/**
 * Reads one domain. Where the machine is as expected all of it is asked for at once: one way to the host and back, with no
 * more calls than a daemon takes at a time, instead of two.
 * @param expected absent: nothing is known, or the machine was not running
 * @returns `undefined` when the host does not know the domain
 * @throws ConnectionError when the host cannot be asked, LibvirtError for any other refusal
 */
export async function readDomain(
  connection: Connection,
  domain: DomainRef,
  hostId: string,
  definitions: DefinitionCache,
  now: () => number,
  expected?: ExpectedMachine,
): Promise<DomainSnapshot | undefined> {
  const readAt = now()
  const limit = { timeoutMs: READ_CALL_MS }
  try {
    const [{ xml }, { state, reason }, persistent, early] = await Promise.all([
      connection.call(domainGetXmlDesc, { domain, flags: 0 }, limit),
      connection.call(domainGetState, { domain, flags: 0 }, limit),
      expected ? expected.persistent : isPersistent(connection, domain),
      expected && readMachine(connection, domain, definitions, expected),
    ])
    const first = definitions.parse(domain.uuid, 'live', xml)
    const base = { uuid: first.uuid, hostId, readAt, persistent }
    if (first.domainId === undefined) {
      return {
        ...base,
        domainId: -1,
        status: statusOf(state, reason, undefined),
        migratedAway: state === DomainState.SHUTOFF && reason === ShutoffReason.MIGRATED,
        config: first,
        hostCpus: new Map(),
      }
    }
    const { vcpuMax } = first
    const { config, hostCpus, job } =
      early && expected?.vcpuMax === vcpuMax
        ? early
        : await readMachine(connection, domain, definitions, { persistent, vcpuMax })
    return {
      ...base,
      domainId: first.domainId,
      migratedAway: false,
      // The XML is what decides whether a machine runs; the state call may have been answered a moment earlier.
      status: statusOf(state === 5 ? 1 : state, state === 5 ? 0 : reason, job),
      live: first,
      ...(config && { config }),
      hostCpus,
      ...(job && { job }),
    }
  } catch (error) {
    if (isNoDomain(error)) return undefined
    throw error
  }
}

async function isPersistent(connection: Connection, domain: DomainRef): Promise<boolean> {
  const { persistent } = await connection.call(domainIsPersistent, { domain }, { timeoutMs: READ_CALL_MS })
  return persistent === 1
}

/** What only a running machine has, and its stored definition. */
async function readMachine(
  connection: Connection,
  domain: DomainRef,
  definitions: DefinitionCache,
  { persistent, vcpuMax }: ExpectedMachine,
): Promise<Pick<DomainSnapshot, 'config' | 'hostCpus' | 'job'>> {
  const [config, hostCpus, job] = await Promise.all([
    persistent ? readStored(connection, domain, definitions) : undefined,
    readHostCpus(connection, domain, vcpuMax),
    readJob(connection, domain),
  ])
  return { hostCpus, ...(config && { config }), ...(job && { job }) }
}

async function readStored(
  connection: Connection,
  domain: DomainRef,
  definitions: DefinitionCache,
): Promise<DomainDefinition> {
  const { xml } = await connection.call(
    domainGetXmlDesc,
    { domain, flags: XmlFlags.INACTIVE },
    { timeoutMs: READ_CALL_MS },
  )
  return definitions.parse(domain.uuid, 'stored', xml)
}

async function readHostCpus(
  connection: Connection,
  domain: DomainRef,
  vcpuMax: number,
): Promise<Map<number, number>> {
  const { vcpus } = await connection
    .call(domainGetVcpus, { domain, maxInfo: vcpuMax, mapLength: 0 }, { timeoutMs: READ_CALL_MS })
    .catch((error: unknown) => {
      // Stopped between the calls: the next read says so; there is nothing to show here.
      if (isOperationInvalid(error)) return { vcpus: [] }
      throw error
    })
  return new Map(vcpus.map((vcpu) => [vcpu.number, vcpu.hostCpu]))
}

async function readJob(
  connection: Connection,
  domain: DomainRef,
): Promise<'migration' | 'other' | undefined> {
  try {
    const { type, params } = await connection.call(
      domainGetJobStats,
      { domain, flags: 0 },
      { timeoutMs: READ_CALL_MS },
    )
    if (type === 0) return undefined
    const operation = params.number('operation')
    return operation !== undefined && JOBS_THAT_MOVE.has(operation) ? 'migration' : 'other'
  } catch (error) {
    if (isOperationInvalid(error)) return undefined
    throw error
  }
}

/** What the periodic statistics say of one running domain. */
export interface DomainStatistics {
  readonly uuid: string
  readonly state: number
  readonly vcpuCurrent: number | undefined
  /** CPU time in ns by vCPU id, present vCPUs only. */
  readonly vcpuTimeNs: ReadonlyMap<number, bigint>
}

/** One domain's figures as libvirt sends them. */
export interface DomainFigures {
  readonly domain: DomainRef
  readonly params: TypedParams
}

const VCPU_TIME = /^vcpu\.(\d+)\.time$/

/** Which figures of a list are vCPU times. Thousands of domains send the same list: the names are looked at once. */
const vcpuTimesOf = new WeakMap<TypedParams['order'], ReadonlyMap<number, string>>()

function vcpuTimesIn(order: TypedParams['order']): ReadonlyMap<number, string> {
  const known = vcpuTimesOf.get(order)
  if (known) return known
  const found = new Map<number, string>()
  for (const name of order.names) {
    const match = VCPU_TIME.exec(name)
    if (match) found.set(Number(match[1]), name)
  }
  vcpuTimesOf.set(order, found)
  return found
}

/** State and vCPU times of all domains of a host in one call. Domains whose QEMU is busy are answered in part. */
export async function readStatistics(connection: Connection): Promise<readonly DomainFigures[]> {
  const { records } = await connection.call(
    connectGetAllDomainStats,
    { domains: [], stats: DomainStats.STATE | DomainStats.VCPU, flags: DomainStatsFlags.NOWAIT },
    { timeoutMs: READ_CALL_MS },
  )
  return records
}

/** What the figures of one domain say. */
export function toStatistics({ domain, params }: DomainFigures): DomainStatistics {
  const vcpuTimeNs = new Map<number, bigint>()
  for (const [id, name] of vcpuTimesIn(params.order)) {
    const time = params.get(name)
    if (typeof time === 'bigint') vcpuTimeNs.set(id, time)
  }
  return {
    uuid: domain.uuid,
    state: params.number('state.state') ?? 0,
    vcpuCurrent: params.number('vcpu.current'),
    vcpuTimeNs,
  }
}
