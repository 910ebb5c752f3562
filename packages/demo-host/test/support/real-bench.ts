import { connect, domainGetXmlDesc, domainLookupByName, XmlFlags } from '@coreshift/libvirt'
import type { Bench } from '../conformance/bench.ts'
import { firmwareXml, renamed } from './guest-xml.ts'

const WAIT_LIMIT_MS = 110_000
const LOOK_EVERY_MS = 250

/** The host that the tests in `test/real` need; they are not collected without it. */
export function realUri(): string {
  const uri = process.env['CORESHIFT_REAL_URI']
  if (uri === undefined || uri === '') {
    throw new Error('these tests need CORESHIFT_REAL_URI, such as the URI that `npm run host:status` prints')
  }
  return uri
}

/** A real host. Its own guests are only copied, so that nobody else's work on them is disturbed. */
export async function openRealBench(): Promise<Bench> {
  const connection = await connect(realUri(), { timeoutMs: 60_000 })
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(resolve, ms)
    })
  return {
    connection,
    async guestXml(kind, name, uuid) {
      if (kind === 'firmware') return firmwareXml(name, uuid)
      const { domain } = await connection.call(domainLookupByName, { name: kind })
      const { xml } = await connection.call(domainGetXmlDesc, { domain, flags: XmlFlags.INACTIVE })
      return renamed(xml, kind, name, uuid)
    },
    defined: () => undefined,
    until: (promise) => promise,
    async waitFor(condition, what) {
      const end = performance.now() + WAIT_LIMIT_MS
      while (!(await condition())) {
        if (performance.now() > end) throw new Error(`waited ${WAIT_LIMIT_MS} ms in vain for ${what}`)
        await pause(LOOK_EVERY_MS)
      }
    },
    pause,
    end: () => connection.close(),
  }
}
