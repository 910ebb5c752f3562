import { queryOptions } from '@tanstack/react-query'
import type { AccessLimit, Role, Token, TokenCreated, User, UserPatch } from '@coreshift/shared/contract'
import { everyItem } from './every-item.ts'
import type { HttpClient } from './http-client.ts'

export const USERS_KEY = ['users'] as const
export const TOKENS_KEY = ['tokens'] as const

export function usersQuery(http: HttpClient) {
  return queryOptions({
    queryKey: USERS_KEY,
    queryFn: ({ signal }) => everyItem<User>(http, '/users', signal),
  })
}

export function tokensQuery(http: HttpClient) {
  return queryOptions({
    queryKey: TOKENS_KEY,
    queryFn: ({ signal }) => everyItem<Token>(http, '/tokens', signal),
  })
}

export interface NewUser {
  readonly name: string
  readonly password: string
  readonly role: Role
  readonly limitedTo?: AccessLimit
}

export interface NewToken {
  readonly name: string
  readonly role: Role
  readonly limitedTo?: AccessLimit
  /** ISO 8601; absent: it does not expire. */
  readonly expiresAt?: string
}

export function addUser(http: HttpClient, input: NewUser): Promise<User> {
  return http.request<User>('POST', '/users', { body: input, keys: ['id'] })
}

export function changeUser(http: HttpClient, id: string, patch: UserPatch): Promise<User> {
  return http.request<User>('PATCH', `/users/${encodeURIComponent(id)}`, { body: patch, keys: ['id'] })
}

export function removeUser(http: HttpClient, id: string): Promise<void> {
  return http.request<void>('DELETE', `/users/${encodeURIComponent(id)}`)
}

export function createToken(http: HttpClient, input: NewToken): Promise<TokenCreated> {
  return http.request<TokenCreated>('POST', '/tokens', { body: input, keys: ['secret'] })
}

export function revokeToken(http: HttpClient, id: string): Promise<void> {
  return http.request<void>('DELETE', `/tokens/${encodeURIComponent(id)}`)
}
