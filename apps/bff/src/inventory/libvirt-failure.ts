import { LibvirtError, isAgentError, isConnectionError } from '@coreshift/libvirt'
import { Failure } from '../failure.ts'

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** libvirt's refusal of a change of a VM, in the words of our doors. */
export function failureOf(error: unknown, uuid: string): Failure {
  if (error instanceof Failure) return error
  if (isConnectionError(error)) {
    return new Failure(
      'host-offline',
      `The host of ${uuid} did not answer; whether the change was made is not known.`,
      { cause: error },
    )
  }
  if (isAgentError(error))
    return new Failure('libvirt-error', `The guest agent failed: ${messageOf(error)}`, { cause: error })
  if (error instanceof LibvirtError)
    return new Failure('libvirt-error', `libvirt refused: ${error.message}`, { cause: error })
  return new Failure(
    'internal-error',
    'The change failed for a reason that was not foreseen; the server log has it.',
    { cause: error },
  )
}
