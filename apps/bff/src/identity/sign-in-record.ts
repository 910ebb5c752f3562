import type { AuditLog } from '../audit/audit-log.ts'
import { personNamed, type SignInContext } from './sign-in-context.ts'

/** Every sign-in and every refused one, in the audit. */
export interface SignInRecord {
  /** @param how e.g. `with a password` */
  done(name: string, how: string, context: SignInContext): Promise<void>
  /** @param why e.g. `wrong name or password` */
  refused(name: string, why: string, context: SignInContext): Promise<void>
}

export function createSignInRecord(audit: AuditLog, now: () => Date): SignInRecord {
  async function append(
    name: string,
    refusal: string | undefined,
    message: (who: string) => string,
    detail: Readonly<Record<string, string>>,
    context: SignInContext,
  ): Promise<void> {
    const actor = personNamed(name, context)
    await audit.append({
      at: now().toISOString(),
      actor,
      action: refusal === undefined ? 'session.signed-in' : 'session.refused',
      outcome: refusal === undefined ? 'done' : 'refused',
      message: message(actor.name),
      detail,
      ...(context.requestId === undefined ? {} : { requestId: context.requestId }),
    })
  }
  return {
    done: (name, how, context) =>
      append(name, undefined, (who) => `${who} signed in ${how}.`, { how }, context),
    refused: (name, why, context) =>
      append(name, why, (who) => `A sign-in as "${who}" was refused: ${why}.`, { why }, context),
  }
}
