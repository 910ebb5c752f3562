import type { Problem } from '@coreshift/shared/contract'

/** The server was reached and said no; `problem` is its answer (RFC 9457). */
export class ApiProblem extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail || problem.title)
    this.name = 'ApiProblem'
    this.problem = problem
  }
}

/** No answer: the network or the server is away. What was asked for may or may not have happened. */
export class ServerUnreachable extends Error {
  constructor(cause: unknown) {
    super('The server cannot be reached.', { cause })
    this.name = 'ServerUnreachable'
  }
}

/** An answer came that is not what this page was built for, as after an update of the server. */
export class AnswerNotUnderstood extends Error {
  constructor(path: string, what: string) {
    super(`The answer to ${path} was not understood (${what}). Reload the page to get the version that fits.`)
    this.name = 'AnswerNotUnderstood'
  }
}

/** Whether asking once more can help: yes when no answer came, no after a clear answer. */
export function isWorthAnotherTry(error: unknown): boolean {
  return error instanceof ServerUnreachable || (error instanceof ApiProblem && error.problem.status >= 500)
}
