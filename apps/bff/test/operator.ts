import { Operation, Problem, type ResizeRequestInput } from '@coreshift/shared/contract'
import type { ComposedServer } from './composed-server.ts'

/** Resizes as an operator asks for them, over REST. */
export interface Operator {
  /** Asks for a resize that has to be taken. */
  resize(name: string, wish: ResizeRequestInput | number): Promise<Operation>
  /** Asks for a resize, which has to be taken, and waits for its end. */
  resized(name: string, wish: ResizeRequestInput | number): Promise<Operation>
  /** Asks for a resize that has to be refused. */
  refusal(name: string, wish: ResizeRequestInput | number): Promise<Problem>
}

/** @param usual what holds for requests that do not say otherwise */
export async function operatorOf(
  server: Pick<ComposedServer, 'call' | 'ended' | 'tokenFor' | 'vm'>,
  usual: Partial<ResizeRequestInput> = {},
): Promise<Operator> {
  const token = await server.tokenFor('operator')

  function ask(name: string, wish: ResizeRequestInput | number): Promise<Response> {
    const body = { ...usual, ...(typeof wish === 'number' ? { sockets: wish } : wish) }
    return server.call('POST', `/api/v1/vms/${server.vm(name).uuid}/resizes`, { token, body })
  }

  async function resize(name: string, wish: ResizeRequestInput | number): Promise<Operation> {
    const response = await ask(name, wish)
    const answer: unknown = await response.json()
    if (response.status !== 202) throw new Error(`refused: ${JSON.stringify(answer)}`)
    return Operation.parse(answer)
  }

  return {
    resize,
    resized: async (name, wish) => server.ended((await resize(name, wish)).id),
    async refusal(name, wish) {
      const response = await ask(name, wish)
      const answer: unknown = await response.json()
      if (response.ok) throw new Error(`not refused: ${JSON.stringify(answer)}`)
      return Problem.parse(answer)
    },
  }
}

/** The codes of a refusal, each once. */
export function codesOf({ reasons = [] }: Problem): string[] {
  return [...new Set(reasons.map(({ code }) => code))]
}
