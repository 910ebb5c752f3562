/**
 * better-auth knows an account by a mail address; ours have a name. The address is made from the name's
 * characters, so that names which differ in case only are one account, and ends in a domain that cannot exist
 * (RFC 2606).
 */
export function accountAddress(name: string): string {
  const hex = Buffer.from(name.trim().toLowerCase(), 'utf8').toString('hex')
  return `u${hex}@account.invalid`
}
