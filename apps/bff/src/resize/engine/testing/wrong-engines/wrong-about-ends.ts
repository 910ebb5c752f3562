import { isEnded, isOpen } from '@coreshift/shared'
import {
  deafTo,
  edited,
  ended,
  misreading,
  mistaking,
  afterwards,
  thenOn,
  withMemory,
  withVcpus,
  type WrongEngines,
} from './tampering.ts'

/** The stored definition, the roll-back, the end and what comes after it. */
export const wrongAboutEnds: WrongEngines = {
  'the definition is written with the live request': thenOn('begin', (turn, before) =>
    before.mode === 'both' && before.vcpus.length > 0
      ? withMemory({ ...turn, effects: [...turn.effects, { type: 'write-config', vcpus: 4 }] }, before, {
          writingConfig: true,
        })
      : undefined,
  ),

  'the definition is written although the live change failed': afterwards((turn, before) =>
    turn.record.state === 'failed' && isOpen(before.state) && before.mode === 'both'
      ? { ...turn, effects: [{ type: 'write-config', vcpus: before.memory.configTarget ?? 0 }] }
      : undefined,
  ),

  'the definition is never written': afterwards((turn, before, input) =>
    turn.record.memory.writingConfig && !before.memory.writingConfig && before.kind !== 'config'
      ? ended(turn, before, input.at, 'converged')
      : undefined,
  ),

  'written is taken for seen': afterwards((turn, before, input) =>
    input.type === 'config-written' && isOpen(before.state) && before.memory.writingConfig
      ? ended(turn, before, input.at, 'converged')
      : undefined,
  ),

  'a written definition is written again': thenOn('config-written', (turn, before) =>
    isOpen(before.state) && before.memory.writingConfig
      ? withMemory(turn, before, { configStored: false })
      : undefined,
  ),

  'a definition whose answer is lost is not written again': deafTo(
    (record, input) => input.type === 'timer' && record.memory.writingConfig,
  ),

  'after a restart the definition is not written': thenOn('resume', (turn, before) =>
    before.memory.writingConfig ? withMemory(turn, before, { writingConfig: false }) : undefined,
  ),

  'a machine that stops ends the writing of the definition': afterwards((turn, before, input) =>
    input.type === 'observed' && input.observation.presence === 'stopped' && before.memory.writingConfig
      ? ended(turn, before, input.at, 'failed')
      : undefined,
  ),

  'strict does not put back': afterwards((turn, before, input) =>
    turn.record.state === 'rolling-back' && before.state !== 'rolling-back'
      ? ended({ ...turn, effects: [] }, before, input.at, 'failed')
      : undefined,
  ),

  'strict puts back one vCPU': afterwards((turn) =>
    turn.record.state === 'rolling-back'
      ? {
          ...turn,
          effects: turn.effects.map((effect) =>
            effect.type === 'send'
              ? { ...effect, call: { ...effect.call, ids: effect.call.ids.slice(0, 1) } }
              : effect,
          ),
        }
      : undefined,
  ),

  'put back is said when libvirt took the request': afterwards((turn, before, input) =>
    input.type === 'accepted' && before.state === 'rolling-back'
      ? ended({ ...turn, effects: [] }, before, input.at, 'rolled-back')
      : undefined,
  ),

  'what goes late during the roll-back is left out': afterwards((turn, before, input) =>
    input.type === 'observed' && before.state === 'rolling-back' && turn.effects.length > 0
      ? withVcpus(
          { ...turn, effects: [] },
          before,
          (vcpu) => before.vcpus.find((old) => old.id === vcpu.id) ?? vcpu,
        )
      : undefined,
  ),

  'a roll-back that does not get through never ends': mistaking((record) =>
    record.state === 'rolling-back' ? { memory: { ...record.memory, rollBackRequests: 0 } } : {},
  ),

  'a late completion is not recorded': deafTo(
    (record, input) => isEnded(record.state) && input.type === 'observed',
  ),

  'a late completion opens the operation again': afterwards((turn, before) =>
    isEnded(before.state) && turn.record !== before ? edited(turn, before, { state: 'pending' }) : undefined,
  ),

  'a late completion makes a failed operation a success': afterwards((turn, before) =>
    before.state === 'failed' && turn.record !== before
      ? edited(turn, before, { state: 'converged' })
      : undefined,
  ),

  'a late completion is told each time': afterwards((turn, before) =>
    isEnded(before.state) && turn.record !== before ? { ...turn, record: before } : undefined,
  ),

  'a refused vCPU that others remove is called a late completion': mistaking((record, input) =>
    isEnded(record.state) && input.type === 'observed'
      ? {
          vcpus: record.vcpus.map((vcpu) =>
            vcpu.state === 'refused' ? { ...vcpu, state: 'stuck' as const } : vcpu,
          ),
        }
      : {},
  ),

  'a request to try again opens an ended operation': mistaking((record, input) =>
    input.type === 'retry' && record.state === 'failed'
      ? { state: 'deferred', deadlineAt: record.createdAt }
      : {},
  ),

  'the end is told twice': afterwards((turn, before) =>
    isEnded(turn.record.state) && isOpen(before.state)
      ? { ...turn, audit: [...turn.audit, ...turn.audit.slice(-1)] }
      : undefined,
  ),

  'stopping the waiting is not told': afterwards((turn, before, input) =>
    input.type === 'abandon' && isOpen(before.state) ? { ...turn, audit: [] } : undefined,
  ),

  'stopping the waiting is told in the name of who asked': misreading((input, record) =>
    input.type === 'abandon' ? { ...input, by: record.requestedBy } : input,
  ),

  'part of the wish is called done': afterwards((turn, before, input) =>
    turn.record.state === 'failed' &&
    isOpen(before.state) &&
    turn.record.vcpus.some((vcpu) => vcpu.state === 'removed')
      ? ended({ record: before, effects: [], audit: [] }, before, input.at, 'converged')
      : undefined,
  ),

  'what was refused at the door stays pending': afterwards((turn, before) =>
    turn.record.state === 'failed' && before.memory.submitError !== undefined
      ? edited({ ...turn, audit: [] }, before, { ...before, state: 'pending' })
      : undefined,
  ),
}
