import type { WatchAnswer } from '@coreshift/shared/contract'

type Refusal = Extract<WatchAnswer, { ok: false }>

/** The server will not send this topic; asking again gives the same answer. */
export class WatchRefused extends Error {
  readonly code: Refusal['code']

  constructor(refusal: Refusal) {
    super(refusal.message)
    this.name = 'WatchRefused'
    this.code = refusal.code
  }
}
