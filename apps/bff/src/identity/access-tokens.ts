import type { AccessLimit, Actor, Role, Token } from '@coreshift/shared/contract'
import { Failure } from '../failure.ts'
import type { TokenRepository } from '../store/token-repository.ts'
import type { Identity } from './identity.ts'
import { refuseLimitedAdmin } from './limited-admin.ts'
import { randomSecret, secretHash } from '../secrets/random-secret.ts'

/** Begins every token, so that secret scanners and people recognise one. */
const TOKEN_PREFIX = 'cst_'

/** The last use is written at most this often: a busy program would otherwise write with every request. */
const LAST_USE_RESOLUTION_MS = 60_000

interface TokenRequest {
  readonly name: string
  readonly role: Role
  readonly limitedTo?: AccessLimit | undefined
  readonly expiresAt?: string | undefined
}

/** Tokens for programs: a role, an end, and a secret that is shown once. */
export interface AccessTokens {
  list(): Promise<Token[]>
  /** @throws Failure `invalid-request` when it would have ended already */
  create(request: TokenRequest, actor: Actor, requestId?: string): Promise<{ token: Token; secret: string }>
  /** @throws Failure `not-found` */
  revoke(id: string, actor: Actor, requestId?: string): Promise<void>
  /** @returns undefined for a secret that is unknown, revoked or expired */
  identify(secret: string): Promise<Identity | undefined>
}

interface AccessTokensOptions {
  readonly repository: TokenRepository
  readonly now: () => Date
  readonly newId: () => string
}

export function createAccessTokens({ repository, now, newId }: AccessTokensOptions): AccessTokens {
  return {
    list: () => repository.list(),
    async create(request, actor, requestId) {
      const at = now()
      if (request.expiresAt !== undefined && Date.parse(request.expiresAt) <= at.getTime()) {
        throw new Failure('invalid-request', 'The token would have ended already.', {
          issues: [{ path: 'expiresAt', message: 'has to be in the future' }],
        })
      }
      refuseLimitedAdmin(request.role, request.limitedTo)
      const secret = randomSecret(TOKEN_PREFIX)
      const token: Token = {
        id: newId(),
        name: request.name,
        role: request.role,
        ...(request.limitedTo === undefined ? {} : { limitedTo: request.limitedTo }),
        createdAt: at.toISOString(),
        ...(request.expiresAt === undefined ? {} : { expiresAt: new Date(request.expiresAt).toISOString() }),
      }
      await repository.add(token, secretHash(secret), {
        at: token.createdAt,
        actor,
        action: 'token.created',
        outcome: 'done',
        message: `Token "${token.name}" with the role ${token.role} was created.`,
        detail: {
          token: token.id,
          name: token.name,
          role: token.role,
          limitedTo: token.limitedTo,
          expiresAt: token.expiresAt,
        },
        ...(requestId === undefined ? {} : { requestId }),
      })
      return { token, secret }
    },
    async revoke(id, actor, requestId) {
      const token = (await repository.list()).find((known) => known.id === id)
      const removed =
        token !== undefined &&
        (await repository.remove(id, {
          at: now().toISOString(),
          actor,
          action: 'token.revoked',
          outcome: 'done',
          message: `Token "${token.name}" was revoked.`,
          detail: { token: id, name: token.name },
          ...(requestId === undefined ? {} : { requestId }),
        }))
      if (!removed) throw new Failure('not-found', 'There is no such token.')
    },
    async identify(secret) {
      if (!secret.startsWith(TOKEN_PREFIX)) return undefined
      const token = await repository.findByHash(secretHash(secret))
      const at = now()
      if (!token || (token.expiresAt !== undefined && Date.parse(token.expiresAt) <= at.getTime()))
        return undefined
      const lastUse = token.lastUsedAt === undefined ? 0 : Date.parse(token.lastUsedAt)
      if (at.getTime() - lastUse >= LAST_USE_RESOLUTION_MS)
        await repository.markUsed(token.id, at.toISOString())
      return {
        kind: 'token',
        id: token.id,
        name: token.name,
        role: token.role,
        ...(token.limitedTo === undefined ? {} : { limitedTo: token.limitedTo }),
        ...(token.expiresAt === undefined ? {} : { expiresAt: token.expiresAt }),
      }
    },
  }
}
