import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connectGetHostname } from '../procedures/connect.ts'
import { CallWindow, type PendingCall } from './call-window.ts'
import { DEFAULT_LIMITS } from './limits.ts'

const TIME_LIMIT_MS = 1_000
const { stuckAfterMs } = DEFAULT_LIMITS

const stuck = vi.fn()
let window: CallWindow

beforeEach(() => {
  vi.useFakeTimers()
  stuck.mockClear()
  window = new CallWindow({ ...DEFAULT_LIMITS, maxInFlight: 2 }, () => undefined, stuck)
})

afterEach(() => {
  vi.useRealTimers()
})

/** A call that nobody waits for any longer than its time limit. */
function send(timeoutMs = TIME_LIMIT_MS): PendingCall {
  const { program, number, name, result } = connectGetHostname
  const call: PendingCall = {
    serial: window.nextSerial(),
    program,
    procedure: number,
    name,
    result,
    onResult: () => undefined,
    onFailure: () => undefined,
    packet: null,
    settled: false,
    timer: null,
    signal: null,
    onAbort: null,
  }
  window.watch(call, false, { timeoutMs })
  window.add(call, Buffer.alloc(0))
  return call
}

describe('a window that is full of calls that were given up', () => {
  it('is stuck when that lasts', () => {
    send()
    send()
    vi.advanceTimersByTime(TIME_LIMIT_MS + stuckAfterMs - 1)
    expect(stuck).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(stuck).toHaveBeenCalledTimes(1)
  })

  it('is not when one of them is answered meanwhile', () => {
    const first = send()
    send()
    vi.advanceTimersByTime(TIME_LIMIT_MS + stuckAfterMs - 1)
    window.answered(first)
    vi.advanceTimersByTime(10 * stuckAfterMs)
    expect(stuck).not.toHaveBeenCalled()
  })

  it('is not while somebody waits for one of them', () => {
    send()
    send(TIME_LIMIT_MS + 2 * stuckAfterMs)
    vi.advanceTimersByTime(TIME_LIMIT_MS + 2 * stuckAfterMs - 1)
    expect(stuck).not.toHaveBeenCalled()
  })

  it('is not when the connection ended', () => {
    send()
    send()
    vi.advanceTimersByTime(TIME_LIMIT_MS)
    window.drain()
    vi.advanceTimersByTime(stuckAfterMs)
    expect(stuck).not.toHaveBeenCalled()
  })
})
