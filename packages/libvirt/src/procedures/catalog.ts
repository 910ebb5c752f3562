import * as agentJobs from './domain-agent-jobs.ts'
import * as auth from './auth.ts'
import * as connect from './connect.ts'
import * as lifecycle from './domain-lifecycle.ts'
import * as lookup from './domain-lookup.ts'
import * as node from './node.ts'
import * as qemu from './qemu.ts'
import * as vcpus from './domain-vcpus.ts'
import type { Procedure } from './procedure.ts'

/** A procedure whose types are not known at compile time, as a server finds it by number. */
export type AnyProcedure = Procedure<unknown, unknown>

/** Every procedure of this package, by its name here. */
export const procedures: Readonly<Record<string, AnyProcedure>> = {
  ...auth,
  ...connect,
  ...node,
  ...lookup,
  ...lifecycle,
  ...vcpus,
  ...agentJobs,
  ...qemu,
}

const byNumber = new Map(Object.values(procedures).map((each) => [`${each.program}/${each.number}`, each]))

/** The procedure with this number, or `undefined` when this package does not know it. */
export function procedureByNumber(program: number, number: number): AnyProcedure | undefined {
  return byNumber.get(`${program}/${number}`)
}
