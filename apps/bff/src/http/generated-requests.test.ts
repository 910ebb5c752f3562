import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Problem, ROLES } from '@coreshift/shared/contract'
import { OPERATION_ID, OTHER_VM_UUID, VM_UUID, operationRecord } from '../../test/examples.ts'
import { PASSWORD } from '../../test/platform.ts'
import { testServer, type TestServer } from '../../test/test-server.ts'
import { toOperation } from '../resize/operation-record.ts'
import { apiRoutes } from './api-routes.ts'
import type { Route } from './route.ts'

const REQUESTS = 10_000
/** Only a guard against a hang: on a busy machine ten thousand requests take minutes. */
const HANG_MS = 600_000
/** Names of members that bodies have, and a few that no body should have. */
const MEMBERS = (
  'sockets removeVcpus mode policy description guestOs action name uri role password expiresAt disabled token ' +
  'unplugEnabled policies __proto__ constructor'
).split(' ')
/** Requests in flight at once. */
const CONCURRENT = 16

const id = fc.constantFrom(
  VM_UUID,
  OTHER_VM_UUID,
  OPERATION_ID,
  'rack1',
  'x',
  '%20',
  'a%2Fb',
  '..',
  VM_UUID.toUpperCase(),
)
const query = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  fc
    .array(
      fc.tuple(
        fc.constantFrom(
          'limit',
          'cursor',
          'q',
          'dryRun',
          'status',
          'from',
          'vm',
          'outcome',
          '__proto__',
          'x',
        ),
        fc.oneof(
          fc.constantFrom('1', '0', '1000', '1001', 'up', 'done', '2026-01-01T00:00:00Z'),
          fc.string(),
        ),
      ),
      { maxLength: 3 },
    )
    .map((pairs) => `?${new URLSearchParams(pairs).toString()}`),
)
const value = fc.oneof(
  fc.constantFrom<unknown>(
    1,
    2,
    0,
    -1,
    1.5,
    1e300,
    '',
    'viewer',
    'admin',
    'start',
    'live',
    null,
    true,
    PASSWORD,
    [],
    {},
  ),
  fc.jsonValue({ maxDepth: 2 }),
)
const body = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  {
    weight: 8,
    arbitrary: fc.dictionary(fc.constantFrom(...MEMBERS), value, { maxKeys: 4 }),
  },
  { weight: 2, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.string().map((text) => ({ raw: text })) },
)

const request = (routes: readonly Route[]) =>
  fc.record({
    route: fc.constantFrom(...routes),
    role: fc.constantFrom('none', ...ROLES),
    id,
    query,
    body,
  })

type Generated = ReturnType<typeof request> extends fc.Arbitrary<infer T> ? T : never

/** @returns what is wrong with the answer, `undefined` when it conforms */
async function problemWith(server: TestServer, tokens: ReadonlyMap<string, string>, made: Generated) {
  const { route } = made
  const token = tokens.get(made.role)
  const path = `/api/v1${route.path.replace(/:(uuid|id)/, made.id)}${made.query}`
  const isRaw = typeof made.body === 'object' && made.body !== null && 'raw' in made.body
  const sent = route.method === 'GET' || route.method === 'DELETE' ? undefined : made.body
  const text = isRaw ? String((made.body as { raw: string }).raw) : JSON.stringify(sent)
  const response = await server.call(route.method, path, {
    ...(token === undefined ? {} : { token }),
    ...(sent === undefined ? {} : { body: text }),
  })
  const content = await response.text()
  const wrong = (what: string): string =>
    `${route.method} ${path} ${text ?? ''} -> ${response.status} ${content.slice(0, 300)}: ${what}`
  const answer = route.answers[response.status]
  if (answer) {
    if (!answer.schema) return undefined
    const parsed = answer.schema.safeParse(JSON.parse(content))
    return parsed.success ? undefined : wrong(parsed.error.message)
  }
  // A path like /vms/.. is another address, whatever it was meant to be.
  if (response.status >= 500) return wrong('the server failed')
  if (response.status < 400) return made.id === '..' ? undefined : wrong('an answer that is not in the table')
  if (!(response.headers.get('content-type') ?? '').startsWith('application/problem+json'))
    return wrong('no problem+json')
  const problem = Problem.safeParse(JSON.parse(content))
  return problem.success && problem.data.status === response.status ? undefined : wrong('no problem')
}

describe('ten thousand generated requests', () => {
  it(
    'are all answered as the API document says, and none makes the server fail',
    async () => {
      await using server = await testServer()
      server.doors.putOperation(toOperation(operationRecord()))
      const routes = apiRoutes(server.services).filter(({ limited }) => !limited)
      const tokens = new Map<string, string>()
      for (const role of ROLES) tokens.set(role, await server.tokenFor(role))
      const requests = fc.sample(request(routes), { numRuns: REQUESTS, seed: 20_260_301 })
      const wrong: string[] = []
      let next = 0
      const worker = async (): Promise<void> => {
        for (let made = requests[next++]; made; made = requests[next++]) {
          const problem = await problemWith(server, tokens, made)
          if (problem !== undefined) wrong.push(problem)
        }
      }
      await Promise.all(Array.from({ length: CONCURRENT }, worker))
      expect(wrong.slice(0, 5)).toEqual([])
      expect(server.log.filter((line) => line.includes('"level":"error"'))).toEqual([])
      expect(await server.audit.verify()).toMatchObject({ ok: true })
    },
    HANG_MS,
  )

  it('that are refused change nothing', async () => {
    await using server = await testServer()
    const token = await server.tokenFor('viewer')
    const before = (await server.audit.list({}, { limit: 1 })).items[0]?.id
    const routes = apiRoutes(server.services).filter(({ method, limited }) => method !== 'GET' && !limited)
    const tokens = new Map(['none', ...ROLES].map((role) => [role, token]))
    for (const made of fc.sample(request(routes), { numRuns: 500, seed: 20_260_302 })) {
      await problemWith(server, tokens, made)
    }
    expect(server.doors.changes).toEqual([])
    expect((await server.audit.list({}, { limit: 1 })).items[0]?.id).toBe(before)
  })
})
