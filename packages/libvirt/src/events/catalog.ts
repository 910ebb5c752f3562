import { Program } from '../rpc/packet.ts'
import * as all from './domain-events.ts'
import type { DomainEvent, EventDefinition } from './event-definition.ts'

/** An event whose type is not known at compile time. */
export type AnyEventDefinition = EventDefinition<DomainEvent>

/** Every event of this package, by its name here. */
export const events: Readonly<Record<string, AnyEventDefinition>> = { ...all }

const byId = new Map(Object.values(events).map((each) => [each.id, each]))
// One map per program, by plain numbers: this is looked up for every event.
const ofRemote = byProcedure(Program.REMOTE)
const ofQemu = byProcedure(Program.QEMU)

function byProcedure(program: number): ReadonlyMap<number, AnyEventDefinition> {
  const ofProgram = Object.values(events).filter((each) => each.program === program)
  return new Map(ofProgram.map((each) => [each.procedure, each]))
}

/** The event with this virDomainEventID, or `undefined`. */
export function eventById(id: number): AnyEventDefinition | undefined {
  return byId.get(id)
}

/** The event that a message with this number carries, or `undefined`. */
export function eventByProcedure(program: number, procedure: number): AnyEventDefinition | undefined {
  if (program === Program.REMOTE) return ofRemote.get(procedure)
  return program === Program.QEMU ? ofQemu.get(procedure) : undefined
}
