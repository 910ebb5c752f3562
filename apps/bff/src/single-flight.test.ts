import { expect, it } from 'vitest'
import { SingleFlight } from './single-flight.ts'

it('who asks while a task runs gets one further run, shared, that began after the question', async () => {
  const gates: PromiseWithResolvers<void>[] = []
  const flight = new SingleFlight<string, number>(async () => {
    const gate = Promise.withResolvers<void>()
    const run = gates.push(gate)
    await gate.promise
    return run
  })
  const first = flight.run('vm')
  const second = flight.run('vm')
  const third = flight.run('vm')
  expect(gates).toHaveLength(1)
  gates[0]?.resolve()
  expect(await first).toBe(1)
  await expect.poll(() => gates.length).toBe(2)
  gates[1]?.resolve()
  expect(await second).toBe(2)
  expect(await third).toBe(2)
  expect(gates).toHaveLength(2)
})

it('a failed run does not stand in the way of the next', async () => {
  let runs = 0
  const flight = new SingleFlight<string, number>(() => {
    runs += 1
    return runs === 1 ? Promise.reject(new Error('no')) : Promise.resolve(runs)
  })
  const first = flight.run('vm')
  const second = flight.run('vm')
  await expect(first).rejects.toThrow('no')
  expect(await second).toBe(2)
})
