import { isEnded } from '@coreshift/shared'
import { BrokenPromise } from '../../../src/resize/engine/testing/promises.ts'
import type { OperationRecord } from '../../../src/resize/operation-record.ts'
import type { ChangeRequest } from './request-log.ts'

/** Stored versions of a VM's operations that are kept to explain a request. */
const VERSIONS_MAX = 60

/** Every request of ours that reaches a daemon was meant: a stored version of an operation says so, and how often. */
export class IntentOracle {
  readonly #versions = new Map<string, OperationRecord[]>()
  /** Requests by id that arrived, by VM and vCPU. */
  readonly #asked = new Map<string, number>()
  /** Requests that the operations of a VM tell of, by operation and vCPU. */
  readonly #told = new Map<string, Map<string, Map<number, number>>>()
  readonly #fail: (error: unknown) => void

  constructor(fail: (error: unknown) => void) {
    this.#fail = fail
  }

  committed(record: OperationRecord): void {
    const versions = this.#versions.get(record.vm) ?? []
    versions.push(record)
    if (versions.length > VERSIONS_MAX) versions.shift()
    this.#versions.set(record.vm, versions)
    let told = this.#told.get(record.vm)
    if (!told) this.#told.set(record.vm, (told = new Map<string, Map<number, number>>()))
    const vcpus = told.get(record.id) ?? new Map<number, number>()
    for (const { id, attempts } of record.vcpus) vcpus.set(id, Math.max(attempts, vcpus.get(id) ?? 0))
    told.set(record.id, vcpus)
  }

  /** A daemon begins with a request of ours. */
  arrived(request: ChangeRequest): void {
    if (!(this.#versions.get(request.vm) ?? []).some((version) => means(version, request))) {
      this.#fail(new BrokenPromise(`R5: nothing stored means the request ${JSON.stringify(request)}`))
      return
    }
    if (request.config || request.enable !== false) return
    for (const id of request.ids ?? []) this.#count(request.vm, id)
  }

  /** Over all operations of the VM: on a host that is asked unit by unit a request may outlast its operation. */
  #count(vm: string, id: number): void {
    const asked = (this.#asked.get(`${vm} ${id}`) ?? 0) + 1
    this.#asked.set(`${vm} ${id}`, asked)
    const told = [...(this.#told.get(vm)?.values() ?? [])]
    const allowed = told.reduce((sum, vcpus) => sum + (vcpus.get(id) ?? 0), 0)
    if (asked > allowed) {
      this.#fail(new BrokenPromise(`R8: vCPU ${id} was asked for ${asked} times, ${allowed} are told`))
    }
  }
}

function means(version: OperationRecord, request: ChangeRequest): boolean {
  return request.config ? meansConfig(version, request) : meansLive(version, request)
}

function meansConfig(
  { memory, kind, to, attempts }: OperationRecord,
  { count, ids }: ChangeRequest,
): boolean {
  if (!memory.writingConfig && (kind !== 'config' || attempts === 0)) return false
  if (ids !== undefined) return String(ids) === String(memory.configRemove ?? [])
  return count === (memory.configTarget ?? to.vcpus)
}

function meansLive(version: OperationRecord, { count, ids, enable }: ChangeRequest): boolean {
  const { memory, attempts, state, vcpus, kind } = version
  if (attempts === 0 || isEnded(state)) return false
  if (ids === undefined) return memory.method === 'count' && attempts === 1 && count === memory.liveTarget
  return ids.every((id) => {
    const vcpu = vcpus.find((each) => each.id === id)
    if (vcpu === undefined) return false
    if (enable === false)
      return kind !== 'config' && (vcpu.state === 'pending-removal' || vcpu.state === 'stuck')
    return vcpu.state === 'adding' || (state === 'rolling-back' && vcpu.state === 'removed')
  })
}
