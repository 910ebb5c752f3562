import { describe, expect, it } from 'vitest'
import { fleetOf, summaryOf, vmWith } from '../../../stories/fixtures.ts'
import { readFleetSearch } from './fleet-search.ts'
import { countFleet, hostNames } from './fleet-view.ts'
import { followRows } from './followed-rows.ts'
import { attentionOf, attentionRank } from './vm-attention.ts'

const vm = (name: string, over = {}) => ({ ...summaryOf(vmWith({ name })), uuid: name, ...over })

describe('the rows of the fleet', () => {
  const vms = [
    vm('web-10'),
    vm('web-2', { stuckVcpus: 1 }),
    vm('db-1', { hostName: 'rack', pendingVcpus: 2, operation: 'x' }),
    vm('old', {
      status: 'down',
      guestOs: { name: 'Windows Server 2008', source: 'agent', plug: '-', unplug: '-' },
    }),
  ]
  const names = (search: Parameters<typeof readFleetSearch>[0]) =>
    followRows()(vms, readFleetSearch(search)).map((row) => row.name)

  it.each([
    ['by name with numbers as numbers', {}, ['db-1', 'old', 'web-2', 'web-10']],
    ['the other way round', { down: true }, ['web-10', 'web-2', 'old', 'db-1']],
    ['what needs attention first', { sort: 'attention' }, ['web-2', 'db-1', 'old', 'web-10']],
    ['found by a part of the name', { q: 'EB-1' }, ['web-10']],
    ['found by several words, in any place', { q: 'windows off' }, ['old']],
    ['of one host', { host: 'rack' }, ['db-1']],
    ['being resized', { show: 'resizing' }, ['db-1']],
    ['running', { show: 'running' }, ['db-1', 'web-2', 'web-10']],
    ['stuck', { show: 'stuck' }, ['web-2']],
    ['that do not exist', { q: 'nothing' }, []],
  ])('are shown %s', (_, search, expected) => {
    expect(names(search)).toEqual(expected)
  })

  it('are counted for the strip on top', () => {
    expect(countFleet(vms)).toEqual({ running: 3, resizing: 1, stuck: 1, restart: 0, hostsOffline: 0 })
    expect(hostNames(vms)).toEqual(['lab', 'rack'])
  })

  it('counts a host that is offline, also one that was never reached and has no machines here', () => {
    const stale = vm('a', { stale: true })
    const hosts = [
      { id: stale.host, state: 'offline' as const },
      { id: 'never-reached', state: 'offline' as const },
      { id: 'connected', state: 'connected' as const },
    ]
    expect(countFleet([stale], hosts).hostsOffline).toBe(2)
    expect(countFleet([stale]).hostsOffline).toBe(1)
  })

  it('do not change the list that they are made from', () => {
    const many = fleetOf(50)
    const before = many.map((row) => row.uuid)
    followRows()(many, { sort: 'load' })
    expect(many.map((row) => row.uuid)).toEqual(before)
  })
})

describe('the address of the fleet', () => {
  it('leaves out what is the default or makes no sense', () => {
    expect(readFleetSearch({ q: '', show: 'all', sort: 'name', host: 7, down: 'yes', other: 1 })).toEqual({})
  })

  it('keeps a search for a number, which arrives as a number', () => {
    expect(readFleetSearch({ q: 12 })).toEqual({ q: '12' })
  })
})

describe('what needs attention', () => {
  it('is listed most urgent first', () => {
    const kinds = attentionOf(
      vm('a', { stuckVcpus: 1, refusedVcpus: 1, pendingVcpus: 1, nextBootSockets: 9, stale: true }),
    ).map(({ kind }) => kind)
    expect(kinds).toEqual(['stuck', 'refused', 'pending', 'restart', 'stale'])
  })

  it('mentions a guest that lags behind only when nothing is under way', () => {
    expect(attentionOf(vm('a', { guestOnline: 6 }))).toEqual([{ kind: 'offline-in-guest', count: 2 }])
    expect(attentionOf(vm('a', { guestOnline: 6, pendingVcpus: 2 })).map(({ kind }) => kind)).toEqual([
      'pending',
    ])
  })

  it('ranks stuck above refused above pending above a restart', () => {
    const ranks = [
      { stuckVcpus: 1 },
      { refusedVcpus: 3 },
      { pendingVcpus: 9 },
      { nextBootSockets: 9 },
      {},
    ].map((over) => attentionRank(vm('a', over)))
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a))
    expect(new Set(ranks).size).toBe(ranks.length)
  })
})
