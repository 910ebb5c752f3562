import type { Actor, Host, HostCredentials, HostInput, HostTestResult } from '@coreshift/shared/contract'

/** What the doors (REST, live view) may ask about hosts. */
export interface HostDirectory {
  list(): Host[]
  get(id: string): Host | undefined
  /** Adds a host and starts connecting. Throws `conflict` when the name or URI is taken. */
  add(input: HostInput, actor: Actor): Promise<Host>
  /** Tries to connect once, within a bounded time, without adding anything. */
  test(input: HostInput): Promise<HostTestResult>
  /**
   * Gives a host another name and password for its daemon, or none, and connects anew with them. Throws `not-found`, or
   * `conflict` for a host that was not added by a person.
   */
  changeCredentials(id: string, credentials: HostCredentials | null, actor: Actor): Promise<Host>
  /** Throws `not-found`, or `conflict` for a host that comes from the environment. */
  remove(id: string, actor: Actor): Promise<void>
  /** Called after a host changed, appeared or went. */
  onChange(listener: (hostId: string) => void): () => void
}
