import { randomUUID } from 'node:crypto'
import { createAuditLog, type DurableAuditLog } from '../src/audit/durable-audit-log.ts'
import { accountAddress } from '../src/identity/account-address.ts'
import type { SignedIn } from '../src/identity/sessions.ts'
import type { SignInContext } from '../src/identity/sign-in-context.ts'
import {
  createIdentityService,
  type IdentityOptions,
  type IdentityService,
} from '../src/identity/identity-service.ts'
import { derivedSecretBox } from '../src/secrets/secret-box.ts'
import { createAuditRepository } from '../src/store/audit-repository.ts'
import type { Database } from '../src/store/database.ts'
import { createSessionRepository } from '../src/store/session-repository.ts'
import { createTokenRepository } from '../src/store/token-repository.ts'
import { createTwoFactorRepository } from '../src/store/two-factor-repository.ts'
import { createUserRepository } from '../src/store/user-repository.ts'

const SIGNING_KEY = 'test-key-0123456789-abcdefghijklmnopqrstuvwxyz'
export const PASSWORD = 'tin canoe lamp orbit'

/** Audit and identity over a test's database, with a clock that the test moves. */
export interface TestPlatform {
  readonly audit: DurableAuditLog
  readonly identity: IdentityService
  readonly clock: { now: Date }
  /** Whether an administrator requires authenticators; the test switches it. */
  readonly policy: { twoFactorRequired: boolean }
  /** What was reported as a problem. */
  readonly problems: unknown[]
}

interface TestPlatformOptions {
  readonly oidc?: IdentityOptions['oidc']
}

export async function testPlatform(
  database: Database,
  { oidc }: TestPlatformOptions = {},
): Promise<TestPlatform> {
  const clock = { now: new Date() }
  const policy = { twoFactorRequired: false }
  const problems: unknown[] = []
  const onProblem = (message: string, cause: unknown): void => {
    problems.push([message, cause])
  }
  const repository = createAuditRepository(database)
  const audit = await createAuditLog({ repository, onProblem })
  const shared = { database, audit: repository, onAudit: audit.noteAppended }
  const identity = createIdentityService({
    database,
    users: createUserRepository({ ...shared, emailOf: accountAddress }),
    sessions: createSessionRepository(shared),
    twoFactors: createTwoFactorRepository(shared),
    tokens: createTokenRepository(shared),
    audit,
    signingKey: SIGNING_KEY,
    secrets: derivedSecretBox(SIGNING_KEY, 'test'),
    oidc,
    twoFactorRequired: () => policy.twoFactorRequired,
    origin: 'http://127.0.0.1:8730',
    now: () => clock.now,
    newId: () => randomUUID(),
    onProblem,
  })
  return { audit, identity, clock, policy, problems }
}

/** Signs in an account without an authenticator. */
export async function signIn(
  { passwordSignIn }: Pick<IdentityService, 'passwordSignIn'>,
  name: string,
  context: SignInContext = {},
): Promise<SignedIn> {
  const answer = await passwordSignIn.signIn(name, PASSWORD, context)
  if (answer.kind === 'code-needed') throw new Error(`${name} has an authenticator`)
  return answer.signedIn
}

/** What a browser sends back after these `Set-Cookie` values. */
export function cookieHeader(setCookies: readonly string[]): string {
  return setCookies.map((cookie) => cookie.split(';', 1)[0]).join('; ')
}
