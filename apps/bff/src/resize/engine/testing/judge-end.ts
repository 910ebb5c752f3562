import { isOpen } from '@coreshift/shared'
import type { OperationRecord } from '../../operation-record.ts'
import { BrokenPromise } from './promises.ts'
import type { SimulatedMachine } from './simulated-machine.ts'

/** What an operation that is still open in a fair world has to be: visibly waiting, for something that is there. */
export function judgeOpenEnd({ state, memory, vcpus }: OperationRecord, machine: SimulatedMachine): void {
  if (state !== 'deferred') throw new BrokenPromise(`R11: neither ended nor deferred, but ${state}`)
  if (memory.hostLost || memory.paused === true) throw new BrokenPromise('R12: still paused in a fair world')
  const silent = vcpus.filter((vcpu) => vcpu.state === 'stuck' || vcpu.state === 'pending-removal')
  if (silent.length === 0) throw new BrokenPromise('R9: deferred without anything to wait for')
  for (const vcpu of silent) {
    if (!machine.enabled.has(vcpu.id)) {
      throw new BrokenPromise(`R9: vCPU ${vcpu.id} went, and two reconcile intervals later nobody knows`)
    }
  }
}

/** An operation that has ended, after one more look: late completions are in the record. */
export function judgeClosedEnd(record: OperationRecord, machine: SimulatedMachine): void {
  if (isOpen(record.state)) throw new Error('the operation is open')
  const same = machine.presence === 'running' && record.memory.machine?.domainId === machine.domainId
  for (const vcpu of record.vcpus) {
    const out = vcpu.state === 'stuck' || vcpu.state === 'pending-removal'
    if (out && same && !machine.enabled.has(vcpu.id)) {
      throw new BrokenPromise(`R6: vCPU ${vcpu.id} went after the end, and the record does not say so`)
    }
  }
}
