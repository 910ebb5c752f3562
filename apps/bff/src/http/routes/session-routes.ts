import { z } from 'zod'
import {
  FirstRunInput,
  OwnPasswordInput,
  Session,
  SessionList,
  SignInInput,
  SignInOptions,
  TwoFactorCode,
} from '@coreshift/shared/contract'
import type { PasswordAnswer } from '../../identity/password-sign-in.ts'
import type { SignedIn } from '../../identity/sessions.ts'
import { route, type Reply, type Route } from '../route.ts'
import type { ApiServices } from '../services.ts'

export function sessionRoutes({ identity, hosts, version }: ApiServices): Route[] {
  const { accounts, passwordSignIn, sessions } = identity

  async function sessionReply(signedIn: SignedIn | undefined, status = 200): Promise<Reply> {
    const who = signedIn?.identity
    const body: Session = {
      ...product(),
      ...(who === undefined
        ? {}
        : {
            user: {
              id: who.id,
              name: who.name,
              role: who.role,
              ...(who.limitedTo === undefined ? {} : { limitedTo: who.limitedTo }),
            },
          }),
      ...(who?.mustEnrol ? { pending: 'two-factor-enrolment' } : {}),
      // Asking costs a query, and somebody who is signed in has an account.
      firstRun: who === undefined && (await accounts.firstRun()),
    }
    return { status, body, cookies: signedIn?.cookies ?? [] }
  }

  const product = () => ({ demo: hosts.list().some((host) => host.demo), version })

  async function passwordReply(answer: PasswordAnswer, status = 200): Promise<Reply> {
    if (answer.kind === 'signed-in') return sessionReply(answer.signedIn, status)
    const body: Session = { ...product(), pending: 'two-factor-code', firstRun: false }
    return { status, body, cookies: answer.cookies }
  }

  const answers = { 200: { description: 'Who is asking and what this is', schema: Session } }

  return [
    route({
      method: 'GET',
      path: '/sign-in-options',
      access: 'public',
      summary: 'The ways to sign in',
      answers: { 200: { description: 'What the sign-in page offers', schema: SignInOptions } },
      handle: async () => ({
        status: 200,
        body: {
          password: true,
          ...(identity.oidc ? { oidc: { name: identity.oidc.name, href: '/api/v1/oidc/sign-in' } } : {}),
          firstRun: await accounts.firstRun(),
        },
      }),
    }),
    route({
      method: 'GET',
      path: '/session',
      access: 'public',
      summary: 'Who is asking, and whether an account exists at all',
      answers,
      handle: async ({ credentials }) => sessionReply(await identity.visit(credentials)),
    }),
    route({
      method: 'POST',
      path: '/session',
      access: 'public',
      summary:
        'Signs in with name and password; the answer sets the session cookie, or says that a code is needed',
      body: SignInInput,
      limited: true,
      answers,
      handle: async ({ body, context }) =>
        passwordReply(await passwordSignIn.signIn(body.name, body.password, context)),
    }),
    route({
      method: 'POST',
      path: '/session/two-factor',
      access: 'public',
      summary: 'The second step of the sign-in: a code of the authenticator, or a recovery code',
      body: TwoFactorCode,
      limited: true,
      answers,
      handle: async ({ body, credentials, context }) =>
        sessionReply(await passwordSignIn.finish(body.code, credentials.cookie, context)),
    }),
    route({
      method: 'DELETE',
      path: '/session',
      access: 'signed-in',
      summary: 'Signs out; live connections of the session end at once',
      answers: { 204: { description: 'Signed out' } },
      handle: async ({ who, credentials, context }) => ({
        status: 204,
        cookies: await sessions.signOut(who(), credentials.cookie, context),
      }),
    }),
    route({
      method: 'PUT',
      path: '/session/password',
      access: 'signed-in',
      summary: "Sets one's own password; one's other sessions end at once",
      body: OwnPasswordInput,
      limited: true,
      answers: { 204: { description: 'In force' } },
      handle: async ({ who, body, context }) => {
        await identity.ownPassword.change(who(), body.password, body.next, context)
        return { status: 204 }
      },
    }),
    route({
      method: 'GET',
      path: '/sessions',
      access: 'signed-in',
      summary: 'Where one is signed in; a token has no sessions',
      answers: { 200: { description: 'Own sessions, newest first', schema: SessionList } },
      handle: async ({ who }) => ({ status: 200, body: { items: await sessions.listOwn(who()) } }),
    }),
    route({
      method: 'DELETE',
      path: '/sessions/:id',
      access: 'signed-in',
      summary: "Ends a session of one's own, or anybody's for admins; its live connections end at once",
      params: z.object({ id: z.string().min(1).max(200) }),
      answers: { 204: { description: 'Ended' } },
      handle: async ({ params, who, context }) => {
        await sessions.end(params.id, who(), context)
        return { status: 204 }
      },
    }),
    route({
      method: 'POST',
      path: '/first-run',
      access: 'public',
      summary: 'Creates the first administrator with the one-time link and signs in',
      body: FirstRunInput,
      limited: true,
      answers: { 201: { description: 'Created and signed in', schema: Session } },
      handle: async ({ body, address, context }) => {
        await accounts.createFirst(body.token, body, address)
        return passwordReply(await passwordSignIn.signIn(body.name, body.password, context), 201)
      },
    }),
  ]
}
