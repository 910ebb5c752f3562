import { useQuery } from '@tanstack/react-query'
import { useHttp } from '../data/services.tsx'
import { sessionQuery } from '../data/session-query.ts'

/** The name of the person who is signed in. */
export function useUserName(): string | undefined {
  return useQuery(sessionQuery(useHttp())).data?.user?.name
}
