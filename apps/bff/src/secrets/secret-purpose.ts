/** What a password for a libvirt daemon is sealed for. */
export function hostPurpose(hostId: string): string {
  return `host:${hostId}`
}

/** What the key of an authenticator is sealed for. */
export function twoFactorPurpose(userId: string): string {
  return `two-factor:${userId}`
}
