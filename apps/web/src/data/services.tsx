import { createContext, use, type ReactNode } from 'react'
import type { HttpClient } from './http-client.ts'

const HttpContext = createContext<HttpClient | undefined>(undefined)

export function HttpProvider({ http, children }: { http: HttpClient; children: ReactNode }) {
  return <HttpContext value={http}>{children}</HttpContext>
}

/** The way to the server. Throws outside of `HttpProvider`, which is a mistake of the program. */
export function useHttp(): HttpClient {
  const http = use(HttpContext)
  if (!http) throw new Error('useHttp needs a HttpProvider around it')
  return http
}
