import type { ReactNode } from 'react'
import { failures } from '../strings/failures.ts'
import { LoadingWords } from '../ui/loading-words.tsx'
import { QueryFailure } from './query-failure.tsx'

interface QueryViewProps<Data> {
  readonly query: {
    readonly data: Data | undefined
    readonly error: unknown
    readonly isError: boolean
    readonly refetch: () => Promise<unknown>
  }
  /** What is waited for, as "the machines". */
  readonly what: string
  /** Whether the server sends it by itself, or is asked. */
  readonly live?: boolean
  /** Roughly how much comes. */
  readonly lines?: number
  readonly children: (data: Data) => ReactNode
}

/** Data of the server once they are here; until then what is waited for, or why they do not come. */
export function QueryView<Data>({ query, what, live = false, lines = 3, children }: QueryViewProps<Data>) {
  if (query.data !== undefined) return children(query.data)
  if (query.isError) return <QueryFailure error={query.error} onRetry={() => void query.refetch()} />
  return (
    <LoadingWords words={live ? failures.waitingForServer(what) : failures.loading(what)} lines={lines} />
  )
}
