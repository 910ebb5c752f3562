import { describe, expect, it } from 'vitest'
import type { VcpuState } from '@coreshift/shared'
import { vmWith } from '../../../../stories/fixtures.ts'
import { vcpus as words } from '../../../strings/vcpus.ts'
import {
  coresOf,
  countStates,
  isFixed,
  movingSince,
  socketState,
  socketsOfVm,
  socketsShown,
  topologyText,
} from './topology-view.ts'

const topology = { sockets: 2, dies: 1, clusters: 1, cores: 2, threads: 2 }

describe('the topology picture', () => {
  it('puts each vCPU into its socket and core', () => {
    const sockets = socketsOfVm(vmWith({ topology, present: 8 }))
    expect(sockets.map((list) => list.map((vcpu) => vcpu.id))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ])
    expect(coresOf(sockets[1] ?? []).map((core) => core.vcpus.map((vcpu) => vcpu.id))).toEqual([
      [4, 5],
      [6, 7],
    ])
  })

  it.each<[string, Record<number, VcpuState>, string]>([
    ['all there', {}, 'full'],
    ['nothing there', { 4: 'absent', 5: 'absent', 6: 'removed', 7: 'absent' }, 'empty'],
    ['some there', { 6: 'absent', 7: 'absent' }, 'partly'],
    ['one leaving', { 7: 'pending-removal' }, 'leaving'],
    ['one coming', { 7: 'adding' }, 'coming'],
    ['one leaving and one stuck', { 6: 'stuck', 7: 'pending-removal' }, 'attention'],
    ['one refused', { 7: 'refused' }, 'attention'],
  ])('says of a socket with %s what matters most', (_, states, expected) => {
    const sockets = socketsOfVm(vmWith({ topology, present: 8, states }))
    expect(socketState(sockets[1] ?? [])).toBe(expected)
  })

  it('marks sockets that cannot be removed as fixed, empty ones not', () => {
    const sockets = socketsOfVm(vmWith({ topology, present: 4, fixed: 8 }))
    expect(sockets.map(isFixed)).toEqual([true, false])
  })

  it.each<[number, Record<number, VcpuState>, number, string]>([
    [128, {}, 10, 'eight empty sockets of very many'],
    [17, {}, 17, 'all sockets where hardly any would be left out'],
    [18, {}, 10, 'eight empty sockets as soon as eight can be left out'],
    [128, { 40: 'removed' }, 29, 'a socket that a vCPU has just left'],
    [128, { 255: 'stuck' }, 128, 'every socket below one that is in use'],
  ])('of %i sockets with %j shows %i: %s', (sockets, states, shown) => {
    const shape = { sockets, dies: 1, clusters: 1, cores: 1, threads: 2 }
    expect(socketsShown(socketsOfVm(vmWith({ topology: shape, present: 4, states })))).toBe(shown)
  })

  it('starts the clock of a socket with its oldest move', () => {
    const [first] = socketsOfVm(vmWith({ topology, present: 8, states: { 1: 'pending-removal' } }))
    expect(movingSince(first ?? [])).toBeDefined()
  })

  it('counts each state that occurs', () => {
    const vm = vmWith({ topology, present: 6, states: { 5: 'stuck' } })
    expect(countStates(vm.vcpus)).toEqual([
      ['present', 5],
      ['stuck', 1],
      ['absent', 2],
    ])
  })
})

describe('the table as text', () => {
  it('has a line per slot with aligned columns', () => {
    const lines = topologyText(vmWith({ topology, present: 4 }).vcpus, words.states).split('\n')
    expect(lines).toHaveLength(9)
    expect(lines[0]).toMatch(/^CPU STATE +SOCKET/)
    const column = (lines[0] ?? '').indexOf('SOCKET')
    for (const line of lines.slice(1)) expect(line.slice(column)).toMatch(/^[01] /)
  })
})
