import { describe, expect, it } from 'vitest'
import { ScriptedDaemon } from '../../test/support/scripted-daemon.ts'
import { connect } from '../connect.ts'
import { authList, authSaslInit, authSaslStart } from '../procedures/auth.ts'
import { chooseMechanism } from './sasl.ts'

describe('the choice of a SASL mechanism', () => {
  it.each([
    ['SCRAM-SHA-256 before PLAIN', ['PLAIN', 'SCRAM-SHA-256', 'DIGEST-MD5'], true, 'SCRAM-SHA-256'],
    ['the longer hash first', ['SCRAM-SHA-256', 'SCRAM-SHA-512'], false, 'SCRAM-SHA-512'],
    ['PLAIN where nobody can read along', ['PLAIN'], true, 'PLAIN'],
  ] as const)('is %s', (_, offered, confidential, expected) => {
    expect(chooseMechanism(offered, confidential)).toBe(expected)
  })

  it.each([
    ['PLAIN over a readable connection', ['PLAIN', 'DIGEST-MD5'], false, /use TLS/],
    ['DIGEST-MD5 alone', ['DIGEST-MD5'], true, /DIGEST-MD5 is historic.*scram-sha-256/],
    ['nothing that is known', ['GSSAPI'], true, /offers GSSAPI; set mech_list/],
    ['an empty offer', [], true, /no mechanism/],
  ] as const)('refuses %s and says what would help', (_, offered, confidential, message) => {
    expect(() => chooseMechanism(offered, confidential)).toThrow(message)
  })
})

describe('opening a connection with SASL', () => {
  function daemonWith(mechanisms: string): ScriptedDaemon {
    const daemon = new ScriptedDaemon()
    daemon.answer(authList, { types: [1] })
    daemon.answer(authSaslInit, { mechanisms })
    daemon.answer(authSaslStart, { complete: 1, nil: 1, data: Buffer.alloc(0) })
    return daemon
  }

  it('sends PLAIN with the credentials that it is given when the daemon asks', async () => {
    const daemon = daemonWith('PLAIN')
    const credentials = () => Promise.resolve({ username: 'tester', password: 'pass' })
    const connection = await connect('qemu:///system', { transport: daemon.transport, credentials })
    expect(daemon.callsOf(authSaslStart)[0]?.args).toEqual({
      mechanism: 'PLAIN',
      nil: 0,
      data: new Uint8Array(Buffer.from('\0tester\0pass')),
    })
    await connection.close()
  })

  it('says that credentials are missing', async () => {
    const { transport } = daemonWith('PLAIN')
    await expect(connect('qemu:///system', { transport })).rejects.toMatchObject({
      kind: 'auth',
      message: expect.stringContaining('give credentials'),
    })
  })

  it('does not believe a daemon that ends SCRAM without a proof', async () => {
    const { transport } = daemonWith('SCRAM-SHA-256')
    const credentials = { username: 'tester', password: 'pass' }
    await expect(connect('qemu:///system', { transport, credentials })).rejects.toMatchObject({
      kind: 'auth',
    })
  })
})
