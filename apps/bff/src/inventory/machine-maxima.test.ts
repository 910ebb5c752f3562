import { describe, expect, it, vi } from 'vitest'
import { connectDemo } from '../../test/demo-connection.ts'
import { MachineMaxima, type MachineType } from './machine-maxima.ts'

interface Lab {
  readonly maxima: MachineMaxima
  /** Questions to the host so far. */
  asked(): number
  /** The next thing that is told: a type that is known now, or a problem. */
  told(): Promise<string>
}

async function withLab(use: (lab: Lab) => Promise<void>): Promise<void> {
  await using demo = await connectDemo([])
  const { connection } = demo
  const call = vi.spyOn(connection, 'call')
  let tell = Promise.withResolvers<string>()
  const say = (text: string) => {
    tell.resolve(text)
  }
  const maxima = new MachineMaxima({
    connection,
    learned: ({ machine }) => say(machine),
    problem: (text) => say(text),
  })
  const told = async () => {
    const text = await tell.promise
    tell = Promise.withResolvers()
    return text
  }
  await use({ maxima, asked: () => call.mock.calls.length, told })
}

const q35: MachineType = { arch: 'x86_64', machine: 'q35', domainType: 'kvm' }

describe("a machine type's maximum", () => {
  it('is known after one question for each type, however many VMs have it', () =>
    withLab(async ({ maxima, asked, told }) => {
      expect(maxima.of(q35)).toBeUndefined()
      maxima.learn(q35)
      maxima.learn({ ...q35 })
      expect(await told()).toBe('q35')
      maxima.learn(q35)
      expect(maxima.of(q35)).toBeGreaterThan(1)
      expect(asked()).toBe(1)
    }))

  it('of a type that the host does not have stays unknown, is said once and not asked for again', () =>
    withLab(async ({ maxima, asked, told }) => {
      const none = { ...q35, machine: 'pc-q35-99.0' }
      maxima.learn(none)
      expect(await told()).toBe('the maximum of machine type pc-q35-99.0 is not known')
      maxima.learn(none)
      expect(maxima.of(none)).toBeUndefined()
      expect(asked()).toBe(1)
    }))
})
