import type { DemoHost } from './demo-host.ts'
import type { Machine } from './machine.ts'

/** Calls `act` after `ms` unless the machine stops before. */
export function later(host: DemoHost, machine: Machine, ms: number, act: () => void): void {
  const timer = host.clock.setTimer(ms, () => {
    machine.timers.delete(timer)
    act()
  })
  machine.timers.add(timer)
}
