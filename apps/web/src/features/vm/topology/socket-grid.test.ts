import { describe, expect, it } from 'vitest'
import { vmWith } from '../../../../stories/fixtures.ts'
import { gridOf } from './socket-grid.ts'
import { socketsOfVm } from './topology-view.ts'

const socketOf = (cores: number, threads: number) =>
  socketsOfVm(vmWith({ topology: { sockets: 2, dies: 1, clusters: 1, cores, threads }, present: 2 }))[0] ?? []

describe('the grid of very many sockets', () => {
  it('has as many columns as fit, and always one', () => {
    const small = socketOf(1, 1)
    expect(gridOf(small, 1000).columns).toBeGreaterThan(gridOf(small, 400).columns)
    expect(gridOf(socketOf(64, 2), 100).columns).toBe(1)
  })

  it('has rows as high as their cores need', () => {
    expect(gridOf(socketOf(32, 2), 800).rowPx).toBeGreaterThan(gridOf(socketOf(2, 2), 800).rowPx)
  })
})
