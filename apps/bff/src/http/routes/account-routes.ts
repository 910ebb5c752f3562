import { z } from 'zod'
import {
  SessionList,
  type Token,
  TokenCreated,
  TokenInput,
  TokenList,
  User,
  UserInput,
  UserList,
  UserPatch,
} from '@coreshift/shared/contract'
import { pageOf, PageQuery, type ListOrder } from '../list-page.ts'
import { route, type Route } from '../route.ts'
import type { ApiServices } from '../services.ts'

const IdParams = z.object({ id: z.string().min(1).max(200) })

const BY_NAME: ListOrder<User> = { placeOf: ({ name, id }) => [name, id] }
const NEWEST_FIRST: ListOrder<Token> = {
  placeOf: ({ createdAt, id }) => [createdAt, id],
  direction: 'down',
}

export function accountRoutes({ identity }: ApiServices): Route[] {
  const { accounts, tokens } = identity
  return [
    route({
      method: 'GET',
      path: '/users',
      access: 'manage-users',
      summary: 'Accounts, by name',
      query: PageQuery,
      answers: { 200: { description: 'One page', schema: UserList } },
      handle: async ({ query }) => ({
        status: 200,
        body: pageOf(await accounts.list(), BY_NAME, query),
      }),
    }),
    route({
      method: 'POST',
      path: '/users',
      access: 'manage-users',
      summary: 'Creates an account',
      body: UserInput,
      answers: { 201: { description: 'Created', schema: User } },
      handle: async ({ body, actor, requestId }) => ({
        status: 201,
        body: await accounts.create(body, actor(), requestId),
      }),
    }),
    route({
      method: 'PATCH',
      path: '/users/:id',
      access: 'manage-users',
      summary:
        'Changes role, limit, password, or whether the account may sign in; its live connections end at once',
      params: IdParams,
      body: UserPatch,
      answers: { 200: { description: 'Changed', schema: User } },
      handle: async ({ params, body, actor, requestId }) => ({
        status: 200,
        body: await accounts.change(params.id, body, actor(), requestId),
      }),
    }),
    route({
      method: 'DELETE',
      path: '/users/:id',
      access: 'manage-users',
      summary: 'Removes an account; its sessions end at once',
      params: IdParams,
      answers: { 204: { description: 'Removed' } },
      handle: async ({ params, actor, requestId }) => {
        await accounts.remove(params.id, actor(), requestId)
        return { status: 204 }
      },
    }),
    route({
      method: 'GET',
      path: '/users/:id/sessions',
      access: 'manage-users',
      summary: 'Where an account is signed in',
      params: IdParams,
      answers: { 200: { description: 'Its sessions, newest first', schema: SessionList } },
      handle: async ({ params, who }) => ({
        status: 200,
        body: { items: await identity.sessions.listOf(params.id, who()) },
      }),
    }),
    route({
      method: 'GET',
      path: '/tokens',
      access: 'manage-tokens',
      summary: 'Tokens for programs, newest first',
      query: PageQuery,
      answers: { 200: { description: 'One page, without their secrets', schema: TokenList } },
      handle: async ({ query }) => ({
        status: 200,
        body: pageOf(await tokens.list(), NEWEST_FIRST, query),
      }),
    }),
    route({
      method: 'POST',
      path: '/tokens',
      access: 'manage-tokens',
      summary: 'Creates a token; its secret is in this answer and nowhere else',
      body: TokenInput,
      answers: { 201: { description: 'Created', schema: TokenCreated } },
      handle: async ({ body, actor, requestId }) => ({
        status: 201,
        body: await tokens.create(body, actor(), requestId),
      }),
    }),
    route({
      method: 'DELETE',
      path: '/tokens/:id',
      access: 'manage-tokens',
      summary: 'Revokes a token; its live connections end at once',
      params: IdParams,
      answers: { 204: { description: 'Revoked' } },
      handle: async ({ params, actor, requestId }) => {
        await tokens.revoke(params.id, actor(), requestId)
        return { status: 204 }
      },
    }),
  ]
}
