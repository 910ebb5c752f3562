import type { Procedure } from '@coreshift/libvirt/wire'
import type { Session } from './session.ts'

/** Answers one call. */
type Handler<A, R> = (session: Session, args: A) => R | Promise<R>

/** What a call needs: `none` before open, `read` on any open connection, `write` refused on a read-only one. */
type Access = 'none' | 'read' | 'write'

export interface Entry {
  readonly procedure: Procedure<unknown, unknown>
  readonly access: Access
  readonly handle: Handler<unknown, unknown>
}

/** The calls that a simulated daemon answers, by program and number. */
export class HandlerTable {
  readonly #entries = new Map<string, Entry>()

  on<A, R>(procedure: Procedure<A, R>, access: Access, handle: Handler<A, R>): this {
    const entry: Entry = {
      procedure: procedure as Procedure<unknown, unknown>,
      access,
      // The codec of this procedure made the arguments, so they are an A.
      handle: (session, args) => handle(session, args as A),
    }
    this.#entries.set(`${procedure.program}/${procedure.number}`, entry)
    return this
  }

  find(program: number, number: number): Entry | undefined {
    return this.#entries.get(`${program}/${number}`)
  }
}
