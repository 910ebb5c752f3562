// For sister packages that speak the protocol from the other side (a server, a simulator, a recorder).
export type { Codec, Infer } from './xdr/codec.ts'
export {
  bool,
  bytes,
  charWords,
  f64,
  fixedCharWords,
  i32,
  i64,
  list,
  opt,
  str,
  u32,
  u64,
} from './xdr/codec.ts'
export {
  empty,
  type Empty,
  type EmptyCodec,
  struct,
  type StructCodec,
  type StructFields,
  type StructOf,
} from './xdr/struct.ts'
export { XdrError } from './xdr/xdr-error.ts'
export { STRING_BYTES_MAX, XdrReader } from './xdr/xdr-reader.ts'
export { XdrWriter } from './xdr/xdr-writer.ts'
export {
  encodePacket,
  KeepaliveProcedure,
  MessageStatus,
  MessageType,
  PACKET_BYTES_MAX,
  PACKET_HEADER_BYTES,
  type PacketHeader,
  PacketWriter,
  Program,
  PROGRAM_VERSION,
  readHeader,
} from './rpc/packet.ts'
export { FramingError, PacketReader, type PacketSink } from './rpc/packet-reader.ts'
export { remoteError, type RemoteError } from './rpc/remote-error.ts'
export {
  type Procedure,
  procedure,
  type ProcedureDeclaration,
  type ProcedureWithoutArgs,
} from './procedures/procedure.ts'
export { type AnyProcedure, procedureByNumber, procedures } from './procedures/catalog.ts'
export {
  domainEvent,
  type DomainEvent,
  type EventDeclaration,
  type EventDefinition,
  eventMessage,
} from './events/event-definition.ts'
export { type AnyEventDefinition, eventById, eventByProcedure, events } from './events/catalog.ts'
export { domainRef, type DomainRef } from './domain/domain-ref.ts'
export { uuid } from './domain/uuid.ts'
export { typedParams } from './domain/typed-params-codec.ts'
