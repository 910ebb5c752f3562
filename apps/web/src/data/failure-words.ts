import { failures } from '../strings/failures.ts'
import { ApiProblem, ServerUnreachable } from './api-failure.ts'

/** A failure in words for a person: a title and what is known about it. */
export function failureWords(error: unknown): { title: string; text: string } {
  if (error instanceof ServerUnreachable)
    return { title: failures.unreachable, text: failures.unreachableText }
  if (error instanceof ApiProblem) {
    const { problem } = error
    const reference = problem.requestId ? ` ${failures.reference(problem.requestId)}` : ''
    switch (problem.code) {
      case 'not-permitted':
        return { title: failures.notPermitted, text: failures.notPermittedText(problem.detail) }
      case 'not-found':
        return { title: failures.notFound, text: problem.detail }
      default:
        return { title: problem.title, text: `${problem.detail}${reference}` }
    }
  }
  return { title: failures.unexpected, text: error instanceof Error ? error.message : String(error) }
}
