import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  connect,
  connectListAllDomains,
  type ConnectOptions,
  type CredentialSource,
  isAuthFailed,
} from '../../../src/index.ts'
import { ACCOUNT, type PrivateDaemon, startPrivateDaemon } from '../support/private-daemon.ts'

let daemon: PrivateDaemon

beforeAll(async () => {
  daemon = await startPrivateDaemon({ mechanisms: 'scram-sha-256 plain' })
})
afterAll(() => daemon[Symbol.asyncDispose]())

const tls = (options: ConnectOptions, query = '', host = '127.0.0.1') =>
  connect(`test+tls://${host}:${daemon.tlsPort}/default${query}`, options)

describe('TLS with a real daemon', () => {
  it('lets in whom the authority knows, by address and by name', async () => {
    for (const host of ['127.0.0.1', 'localhost']) {
      await using connection = await tls({ tls: daemon.pki }, '', host)
      expect(connection.driver).toBe('TEST')
    }
  })

  it('finds the certificates in the folder of pkipath=', async () => {
    await using connection = await tls({}, `?pkipath=${daemon.folder}`)
    expect(connection.driver).toBe('TEST')
  })

  it('tells a refused certificate from a broken connection', async () => {
    await expect(tls({ tls: daemon.strangerPki })).rejects.toMatchObject({ kind: 'tls' })
    await expect(tls({ tls: { ca: daemon.pki.ca } })).rejects.toMatchObject({ kind: 'tls' })
  })

  it('does not talk to a daemon that it cannot check, unless told to', async () => {
    const { cert, key } = daemon.pki
    await expect(tls({ tls: { cert, key } })).rejects.toMatchObject({ kind: 'tls' })
    await using connection = await tls({ tls: { cert, key } }, '?no_verify=1')
    expect(connection.driver).toBe('TEST')
  })

  it('says which file is missing', async () => {
    await expect(tls({}, '?pkipath=/nowhere')).rejects.toMatchObject({
      kind: 'tls',
      message: expect.stringContaining('/nowhere/cacert.pem'),
    })
  })
})

describe('SASL with a real daemon', () => {
  let saslDaemon: PrivateDaemon
  beforeAll(async () => {
    saslDaemon = await startPrivateDaemon({ mechanisms: 'scram-sha-256 plain', authTls: 'sasl' })
  })
  afterAll(() => saslDaemon[Symbol.asyncDispose]())
  const open = (credentials: CredentialSource) =>
    connect(`test+tls://localhost:${saslDaemon.tlsPort}/default`, { tls: saslDaemon.pki, credentials })

  it('lets the account in by SCRAM-SHA-256', async () => {
    await using connection = await open(ACCOUNT)
    expect((await connection.call(connectListAllDomains, { needResults: 1, flags: 0 })).count).toBe(1)
  })

  it('says that the password is wrong, or that nobody has this name', async () => {
    await expect(open({ ...ACCOUNT, password: 'wrong' })).rejects.toSatisfy(isAuthFailed)
    await expect(open(() => ({ username: 'nobody', password: 'x' }))).rejects.toSatisfy(isAuthFailed)
  })

  it('refuses every password over a connection that others can read', async () => {
    const { tcpPort } = saslDaemon
    const readable = connect(`test+tcp://127.0.0.1:${tcpPort}/default`, { credentials: ACCOUNT })
    await expect(readable).rejects.toSatisfy(isAuthFailed)
  })

  it('lets the account in by PLAIN inside TLS where nothing better is offered', async () => {
    await using plainDaemon = await startPrivateDaemon({ mechanisms: 'plain', authTls: 'sasl' })
    const { tlsPort, pki: tls } = plainDaemon
    const uri = `test+tls://localhost:${tlsPort}/default`
    await using connection = await connect(uri, { tls, credentials: ACCOUNT })
    expect(connection.driver).toBe('TEST')
  })
})
