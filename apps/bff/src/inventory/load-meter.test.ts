import { expect, it } from 'vitest'
import { LoadMeter } from './load-meter.ts'

function reading(times: Readonly<Record<number, bigint>>) {
  return {
    uuid: 'vm',
    state: 1,
    vcpuCurrent: Object.keys(times).length,
    vcpuTimeNs: new Map(Object.entries(times).map(([id, ns]) => [Number(id), ns])),
  }
}

it('the first reading says nothing yet', () => {
  expect(new LoadMeter().measure(reading({ 0: 5n }), 0)).toBeUndefined()
})

it('the load is the CPU time used over the time passed', () => {
  const meter = new LoadMeter()
  meter.measure(reading({ 0: 0n, 1: 0n }), 0)
  const load = meter.measure(reading({ 0: 500_000_000n, 1: 1_000_000_000n }), 1000)
  expect(load?.percent).toBe(75)
  expect([...(load?.byVcpu ?? [])]).toEqual([
    [0, 50],
    [1, 100],
  ])
})

it('a vCPU that came new, or again with a smaller time, starts from nothing', () => {
  const meter = new LoadMeter()
  meter.measure(reading({ 0: 900n }), 0)
  expect([...(meter.measure(reading({ 0: 5n, 1: 7n }), 1000)?.byVcpu ?? [])]).toEqual([
    [0, 0],
    [1, 0],
  ])
})
