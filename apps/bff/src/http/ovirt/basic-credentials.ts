/** Longest name or password that is looked at: the sign-in form's own limits. */
const NAME_MAX = 200
const PASSWORD_MAX = 1000

interface BasicCredentials {
  readonly name: string
  readonly password: string
}

/**
 * Name and password of an HTTP Basic header (RFC 7617), as oVirt's clients send them: `user@domain:password`. The part
 * behind the last `@` is oVirt's authentication domain and is not looked at: there is one kind of account here. An account
 * whose own name holds an `@` is named with a domain behind it.
 * @returns undefined for anything else
 */
export function basicCredentials(authorization: string | undefined): BasicCredentials | undefined {
  const encoded = /^basic +([A-Za-z0-9+/_=-]{1,4000})$/i.exec(authorization?.trim() ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  const name = text.slice(0, colon)
  const password = text.slice(colon + 1)
  if (colon < 1 || name.length > NAME_MAX || password === '' || password.length > PASSWORD_MAX)
    return undefined
  return { name: withoutDomain(name), password }
}

function withoutDomain(name: string): string {
  const at = name.lastIndexOf('@')
  return at > 0 ? name.slice(0, at) : name
}
