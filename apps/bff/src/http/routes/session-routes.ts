import { z } from 'zod'
import { FirstRunInput, Session, SessionList, SignInInput } from '@coreshift/shared/contract'
import type { SignedIn } from '../../identity/sessions.ts'
import { route, type Reply, type Route } from '../route.ts'
import type { ApiServices } from '../services.ts'

export function sessionRoutes({ identity, hosts, version }: ApiServices): Route[] {
  async function sessionReply(signedIn: SignedIn | undefined, status = 200): Promise<Reply> {
    const who = signedIn?.identity
    const body: Session = {
      ...(who === undefined ? {} : { user: { id: who.id, name: who.name, role: who.role } }),
      // Asking costs a query, and somebody who is signed in has an account.
      firstRun: who === undefined && (await identity.accounts.firstRun()),
      demo: hosts.list().some((host) => host.demo),
      version,
    }
    return { status, body, cookies: signedIn?.cookies ?? [] }
  }
  const answers = { 200: { description: 'Who is asking and what this is', schema: Session } }

  return [
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
      summary: 'Signs in with name and password; the answer sets the session cookie',
      body: SignInInput,
      limited: true,
      answers,
      handle: async ({ body, address, requestId }) =>
        sessionReply(
          await identity.signIn(body.name, body.password, {
            requestId,
            ...(address === undefined ? {} : { address }),
          }),
        ),
    }),
    route({
      method: 'DELETE',
      path: '/session',
      access: 'signed-in',
      summary: 'Signs out; live connections of the session end at once',
      answers: { 204: { description: 'Signed out' } },
      handle: async ({ who, credentials, address, requestId }) => ({
        status: 204,
        cookies: await identity.signOut(who(), credentials, {
          requestId,
          ...(address === undefined ? {} : { address }),
        }),
      }),
    }),
    route({
      method: 'GET',
      path: '/sessions',
      access: 'signed-in',
      summary: 'Where one is signed in; a token has no sessions',
      answers: { 200: { description: 'Own sessions, newest first', schema: SessionList } },
      handle: async ({ who }) => ({ status: 200, body: { items: await identity.sessionsOf(who()) } }),
    }),
    route({
      method: 'DELETE',
      path: '/sessions/:id',
      access: 'signed-in',
      summary: "Ends a session of one's own, or anybody's for admins; its live connections end at once",
      params: z.object({ id: z.string().min(1).max(200) }),
      answers: { 204: { description: 'Ended' } },
      handle: async ({ params, who, address, requestId }) => {
        await identity.endSession(params.id, who(), {
          requestId,
          ...(address === undefined ? {} : { address }),
        })
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
      handle: async ({ body, address, requestId }) => {
        const context = { requestId, ...(address === undefined ? {} : { address }) }
        await identity.accounts.createFirst(body.token, body, address)
        return sessionReply(await identity.signIn(body.name, body.password, context), 201)
      },
    }),
  ]
}
