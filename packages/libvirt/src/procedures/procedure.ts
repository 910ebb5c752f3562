import { Program } from '../rpc/packet.ts'
import type { Codec } from '../xdr/codec.ts'
import type { Empty, EmptyCodec } from '../xdr/struct.ts'

/** One call of libvirt's remote protocol: the same object serves the client and a server. */
export interface Procedure<A, R> {
  /** Number within its program. */
  readonly number: number
  /** The function of libvirt's public API that sends it. */
  readonly name: string
  /** First libvirt version that knows it. */
  readonly since: string
  /** The RPC program; the remote program unless stated. */
  readonly program: number
  readonly args: Codec<A>
  readonly result: Codec<R>
  /** The call may take as long as the guest or the other host likes: no default time limit applies. */
  readonly unbounded: boolean
}

/** A procedure that takes no arguments. */
export interface ProcedureWithoutArgs<R> extends Procedure<Empty, R> {
  readonly args: EmptyCodec
}

/** What `procedure` needs to know. */
export interface ProcedureDeclaration<A extends Codec<unknown>, R> {
  number: number
  name: string
  since: string
  args: A
  result: Codec<R>
  program?: number
  unbounded?: boolean
}

/** Declares a procedure. Field order of `args` and `result` is the order on the wire (remote_protocol.x). */
export function procedure<R>(definition: ProcedureDeclaration<EmptyCodec, R>): ProcedureWithoutArgs<R>
export function procedure<A, R>(definition: ProcedureDeclaration<Codec<A>, R>): Procedure<A, R>
export function procedure<A, R>(definition: ProcedureDeclaration<Codec<A>, R>): Procedure<A, R> {
  return { program: Program.REMOTE, unbounded: false, ...definition }
}
