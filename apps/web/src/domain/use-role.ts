import { useQuery } from '@tanstack/react-query'
import type { Role } from '@coreshift/shared/contract'
import { useHttp } from '../data/services.tsx'
import { sessionQuery } from '../data/session-query.ts'

export function useRole(): Role | undefined {
  return useQuery(sessionQuery(useHttp())).data?.user?.role
}

/** Whether buttons that change machines are offered; the server decides in any case. */
export function useMayOperate(): boolean {
  const role = useRole()
  return role === 'operator' || role === 'admin'
}
