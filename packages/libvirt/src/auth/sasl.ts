import type { RpcSession, SessionCallOptions } from '../connection/rpc-session.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { authSaslInit, authSaslStart, authSaslStep } from '../procedures/auth.ts'
import { SCRAM_HASHES, ScramClient, type ScramMechanism } from './scram.ts'

export interface Credentials {
  readonly username: string
  readonly password: string
}

/** Credentials, or where to get them when the daemon asks. */
export type CredentialSource = Credentials | (() => Credentials | Promise<Credentials>)

/** No exchange with a daemon takes more messages. */
const SASL_STEPS_MAX = 10

type Mechanism = ScramMechanism | 'PLAIN'

/** Picks the best mechanism that both sides know. Throws ConnectionError of kind `auth` that says what would help. */
export function chooseMechanism(offered: readonly string[], confidential: boolean): Mechanism {
  for (const mechanism of Object.keys(SCRAM_HASHES) as ScramMechanism[]) {
    if (offered.includes(mechanism)) return mechanism
  }
  const list = offered.join(', ') || 'no mechanism'
  if (offered.includes('PLAIN')) {
    if (confidential) return 'PLAIN'
    throw new ConnectionError(
      'auth',
      `the daemon offers ${list}; PLAIN would send the password readable over this connection: use TLS or SCRAM-SHA-256`,
    )
  }
  const digest = offered.includes('DIGEST-MD5') ? ' (DIGEST-MD5 is historic, RFC 6331, and broken)' : ''
  throw new ConnectionError(
    'auth',
    `the daemon offers ${list}${digest}; set mech_list to scram-sha-256 in its sasl2/libvirt.conf`,
  )
}

/** Authenticates with SASL: SCRAM wherever it is offered, PLAIN only where nobody can read along. */
export async function authenticateSasl(
  session: RpcSession,
  source: CredentialSource | undefined,
  confidential: boolean,
  options: SessionCallOptions,
): Promise<void> {
  const { mechanisms } = await session.call(authSaslInit, {}, options)
  const mechanism = chooseMechanism(
    mechanisms.split(',').filter((name) => name !== ''),
    confidential,
  )
  if (source === undefined) {
    throw new ConnectionError(
      'auth',
      `the daemon asks for a user and password (SASL ${mechanism}): give credentials`,
    )
  }
  const credentials = typeof source === 'function' ? await source() : source
  if (mechanism === 'PLAIN') await plain(session, credentials, options)
  else await scram(session, mechanism, credentials, options)
}

async function plain(session: RpcSession, { username, password }: Credentials, options: SessionCallOptions) {
  if (username.includes('\0') || password.includes('\0')) {
    throw new ConnectionError('auth', 'user and password may not contain a NUL character')
  }
  const data = Buffer.from(`\0${username}\0${password}`)
  const answer = await session.call(authSaslStart, { mechanism: 'PLAIN', nil: 0, data }, options)
  if (answer.complete !== 1) throw new ConnectionError('auth', 'the daemon wants more than PLAIN has to say')
}

async function scram(
  session: RpcSession,
  mechanism: ScramMechanism,
  { username, password }: Credentials,
  options: SessionCallOptions,
): Promise<void> {
  const client = new ScramClient(mechanism, username, password)
  const start = Buffer.from(client.start())
  let answer = await session.call(authSaslStart, { mechanism, nil: 0, data: start }, options)
  const response = Buffer.from(await client.respond(textOf(answer.data)))
  answer = await session.call(authSaslStep, { nil: 0, data: response }, options)
  // Before anything else is sent: an impostor that just says "complete" is found out here.
  client.finish(textOf(answer.data))
  for (let step = 0; answer.complete !== 1; step++) {
    if (step >= SASL_STEPS_MAX) throw new ConnectionError('auth', `no end after ${SASL_STEPS_MAX} SASL steps`)
    answer = await session.call(authSaslStep, { nil: 1, data: Buffer.alloc(0) }, options)
  }
}

function textOf(data: Uint8Array): string {
  // Some servers count the final NUL.
  return Buffer.from(data).toString('utf8').replace(/\0+$/, '')
}
