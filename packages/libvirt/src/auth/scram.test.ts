import { describe, expect, it } from 'vitest'
import { payloadCodec } from '../../test/support/packet-codec.ts'
import { readRecording } from '../../test/support/recording.ts'
import { PACKET_HEADER_BYTES, readHeader } from '../rpc/packet.ts'
import { XdrReader } from '../xdr/xdr-reader.ts'
import { ScramClient } from './scram.ts'

// RFC 7677, section 3: user "user", password "pencil".
const NONCE = 'rOprNGfwEbeRWgbNEkqO'
const SERVER_FIRST = `r=${NONCE}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`

describe('SCRAM-SHA-256', () => {
  it('says what the example of RFC 7677 says', async () => {
    const client = new ScramClient('SCRAM-SHA-256', 'user', 'pencil', NONCE)
    expect(client.start()).toBe(`n,,n=user,r=${NONCE}`)
    expect(await client.respond(SERVER_FIRST)).toBe(
      `c=biws,r=${NONCE}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`,
    )
    expect(() => client.finish('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')).not.toThrow()
  })

  it('says what the reference client said to a real daemon', async () => {
    const [start, challenge, response, final] = readRecording('sasl-scram-sha-256')
      .filter(({ note }) => note.procedure.startsWith('AUTH_SASL_ST'))
      .map(({ bytes }) => {
        const decoded = payloadCodec(readHeader(bytes))?.decode(
          new XdrReader().reset(bytes, PACKET_HEADER_BYTES),
        )
        return Buffer.from((decoded as { data: Uint8Array }).data).toString()
      })
    const [, name = '', nonce = ''] = /^n,,n=([^,]*),r=(.*)$/.exec(start ?? '') ?? []
    // The test account of the recorded daemon.
    const client = new ScramClient('SCRAM-SHA-256', name, recordedPassword(), nonce)
    expect(client.start()).toBe(start)
    expect(await client.respond(challenge ?? '')).toBe(response)
    expect(() => client.finish(final ?? '')).not.toThrow()
  })

  it('escapes what has a meaning in SCRAM', () => {
    expect(new ScramClient('SCRAM-SHA-256', 'a=b,c', 'x', 'n').start()).toBe('n,,n=a=3Db=2Cc,r=n')
  })

  it.each([
    ['another nonce', SERVER_FIRST.replace(NONCE, 'other'), /nonce/],
    ['our nonce unchanged', `r=${NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`, /nonce/],
    ['no salt', `r=${NONCE}x,i=4096`, /salt/],
    ['too few rounds', SERVER_FIRST.replace('i=4096', 'i=1000'), /1000 rounds/],
    ['rounds without end', SERVER_FIRST.replace('i=4096', 'i=99999999'), /99999999 rounds/],
  ])('refuses %s', async (_, challenge, message) => {
    const client = new ScramClient('SCRAM-SHA-256', 'user', 'pencil', NONCE)
    await expect(client.respond(challenge)).rejects.toThrow(message)
  })

  it.each([
    ['a wrong proof', 'v=AAAA'],
    ['no proof', ''],
    ['a refusal', 'e=invalid-proof'],
  ])('refuses a daemon with %s', async (_, final) => {
    const client = new ScramClient('SCRAM-SHA-256', 'user', 'pencil', NONCE)
    await client.respond(SERVER_FIRST)
    expect(() => client.finish(final)).toThrow(/SCRAM/)
  })
})

function recordedPassword(): string {
  const plain = readRecording('sasl-plain').find(({ note }) => note.procedure === 'AUTH_SASL_START')
  const decoded = plain?.note.decoded as { data: number[] }
  return Buffer.from(decoded.data).toString().split('\0')[2] ?? ''
}
