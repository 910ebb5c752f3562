import * as all from './domain-events.ts'
import type { DomainEvent, EventDefinition } from './event-definition.ts'

/** An event whose type is not known at compile time. */
export type AnyEventDefinition = EventDefinition<DomainEvent>

/** Every event of this package, by its name here. */
export const events: Readonly<Record<string, AnyEventDefinition>> = { ...all }

const byId = new Map(Object.values(events).map((each) => [each.id, each]))
const byProcedure = new Map(Object.values(events).map((each) => [`${each.program}/${each.procedure}`, each]))

/** The event with this virDomainEventID, or `undefined`. */
export function eventById(id: number): AnyEventDefinition | undefined {
  return byId.get(id)
}

/** The event that a message with this number carries, or `undefined`. */
export function eventByProcedure(program: number, procedure: number): AnyEventDefinition | undefined {
  return byProcedure.get(`${program}/${procedure}`)
}
