import { describe, expect, it } from 'vitest'
import { domainByUuid, ErrorCode, LibvirtError } from '@coreshift/libvirt'
import { VM_UUID } from '../../test/examples.ts'
import type { DomainSession } from '../inventory/inventory-ports.ts'
import { sendRequest, type Answer } from './send-request.ts'

type Said = 'done' | 'timeout' | 'refused' | 'busy'

const CODES = {
  timeout: ErrorCode.OPERATION_TIMEOUT,
  refused: ErrorCode.OPERATION_FAILED,
  busy: ErrorCode.OPERATION_INVALID,
}

const PLAIN_ERROR = {
  domain: 10,
  level: 2,
  str1: null,
  str2: null,
  str3: null,
  int1: 0,
  int2: 0,
  dom: null,
  net: null,
}

/** A libvirt before 12.4 that answers a removal of these vCPUs so; the calls are answered one by one when asked. */
function synchronousHost(answers: Readonly<Record<string, Said>>) {
  const asked: string[] = []
  const waiting: (() => void)[] = []
  const session = {
    domain: domainByUuid(VM_UUID),
    host: { id: 'rack1', name: 'rack1' },
    connection: {
      supportsAsyncVcpuUnplug: false,
      async call(_procedure: unknown, { vcpus }: { vcpus: string }) {
        asked.push(vcpus)
        await new Promise<void>((resolve) => waiting.push(resolve))
        const said = answers[vcpus] ?? 'done'
        if (said === 'done') return
        throw new LibvirtError({ ...PLAIN_ERROR, code: CODES[said], message: said }, 'domainSetVcpu')
      },
    },
  }
  return {
    // Only these members are used.
    session: session as Partial<DomainSession> as DomainSession,
    asked,
    async answerNext() {
      await expect.poll(() => waiting.length).toBe(1)
      waiting.shift()?.()
    },
  }
}

describe('a host that waits in the call itself', () => {
  it('is asked unit by unit, and what is known is told at once', async () => {
    const { session, asked, answerNext } = synchronousHost({ '6-7': 'timeout', '4-5': 'refused' })
    const told: Answer[] = []
    const sent = sendRequest(session, { kind: 'set-vcpus', ids: [4, 5, 6, 7], enable: false }, 2, {
      isNewest: () => true,
      answer: (answer) => told.push(answer),
    })
    await answerNext()
    await expect.poll(() => told).toEqual([{ type: 'accepted', waited: true }])
    await answerNext()
    await sent
    expect(asked).toEqual(['6-7', '4-5'])
    expect(told.slice(1)).toEqual([{ type: 'removal-failed', unit: 4, alias: 'vcpu4' }])
  })

  it('is asked for no further unit once something newer was asked', async () => {
    const { session, asked, answerNext } = synchronousHost({})
    let newest = true
    const sent = sendRequest(session, { kind: 'set-vcpus', ids: [5, 6, 7], enable: false }, 1, {
      isNewest: () => newest,
      answer: () => undefined,
    })
    await expect.poll(() => asked).toEqual(['7'])
    newest = false
    await answerNext()
    await sent
    expect(asked).toEqual(['7'])
  })

  it('that refuses at the door says so when nothing was taken, and after what was', async () => {
    for (const [answers, told] of [
      [{ '7': 'busy', '6': 'busy' }, ['rejected']],
      [{ '7': 'busy' }, ['accepted', 'rejected']],
    ] as const) {
      const { session, answerNext } = synchronousHost(answers)
      const heard: string[] = []
      const sent = sendRequest(session, { kind: 'set-vcpus', ids: [6, 7], enable: false }, 1, {
        isNewest: () => true,
        answer: ({ type }) => heard.push(type),
      })
      await answerNext()
      await answerNext()
      await sent
      expect(heard).toEqual(told)
    }
  })
})
