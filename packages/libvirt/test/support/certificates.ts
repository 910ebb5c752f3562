import {
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto'

/** A certificate with its key, PEM. */
interface Identity {
  readonly cert: string
  readonly key: string
}

/** An authority of the test's own. */
interface Authority extends Identity {
  /** A certificate for a server that is reached at 127.0.0.1 and localhost. */
  issueServer(): Identity
  issueClient(commonName: string): Identity
}

const DAY_MS = 86_400_000

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts)
  const { length } = content
  const head =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from(head), content])
}
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts)
const octets = (content: Uint8Array): Buffer => der(0x04, content)
const bits = (content: Uint8Array): Buffer => der(0x03, Buffer.of(0), content)
const utcTime = (ms: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14)}Z`))
const TRUE = Buffer.from('0101ff', 'hex')

const COMMON_NAME = Buffer.from('0603550403', 'hex')
const ECDSA_WITH_SHA256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'))
const BASIC_CONSTRAINTS = Buffer.from('0603551d13', 'hex')
const KEY_USAGE = Buffer.from('0603551d0f', 'hex')
const EXTENDED_KEY_USAGE = Buffer.from('0603551d25', 'hex')
const SUBJECT_ALT_NAME = Buffer.from('0603551d11', 'hex')
const SERVER_AUTH = Buffer.from('06082b06010505070301', 'hex')
const CLIENT_AUTH = Buffer.from('06082b06010505070302', 'hex')

const commonName = (name: string): Buffer =>
  sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(name)))))
const extension = (id: Uint8Array, critical: boolean, value: Uint8Array): Buffer =>
  sequence(id, ...(critical ? [TRUE] : []), octets(value))

/** Makes a certificate authority for one test (RFC 5280, P-256). */
export function makeAuthority(name: string): Authority {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const caExtensions = [
    extension(BASIC_CONSTRAINTS, true, sequence(TRUE)),
    // keyCertSign
    extension(KEY_USAGE, true, Buffer.from('03020204', 'hex')),
  ]
  const issue = (subject: string, publicKey: KeyObject, extensions: readonly Buffer[]): string => {
    const now = Date.now()
    const body = sequence(
      der(0xa0, Buffer.from('020102', 'hex')),
      der(0x02, Buffer.of(1), randomBytes(8)),
      ECDSA_WITH_SHA256,
      commonName(name),
      sequence(utcTime(now - DAY_MS), utcTime(now + DAY_MS)),
      commonName(subject),
      publicKey.export({ type: 'spki', format: 'der' }),
      der(0xa3, sequence(...extensions)),
    )
    const signature = sign('sha256', body, pair.privateKey)
    return new X509Certificate(sequence(body, ECDSA_WITH_SHA256, bits(signature))).toString()
  }
  const issueLeaf = (subject: string, purpose: Uint8Array, extra: readonly Buffer[]): Identity => {
    const leaf = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const cert = issue(subject, createPublicKey(leaf.publicKey.export({ type: 'spki', format: 'pem' })), [
      extension(BASIC_CONSTRAINTS, true, sequence()),
      // digitalSignature
      extension(KEY_USAGE, true, Buffer.from('03020780', 'hex')),
      extension(EXTENDED_KEY_USAGE, false, sequence(purpose)),
      ...extra,
    ])
    return { cert, key: leaf.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
  }
  const names = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.of(127, 0, 0, 1)))
  return {
    cert: issue(name, pair.publicKey, caExtensions),
    key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    issueServer: () => issueLeaf('localhost', SERVER_AUTH, [extension(SUBJECT_ALT_NAME, false, names)]),
    issueClient: (subject) => issueLeaf(subject, CLIENT_AUTH, []),
  }
}
