import { describe, expect, it } from 'vitest'
import { problemOf } from '../../test/problem-of.ts'
import { testServer } from '../../test/test-server.ts'

describe('the rest of the address space', () => {
  it('answers unknown addresses and methods below /api with a problem', async () => {
    await using server = await testServer()
    expect((await problemOf(await server.call('GET', '/api/v1/nothing'))).code).toBe('not-found')
    expect((await problemOf(await server.call('GET', '/api/v2/vms'))).code).toBe('not-found')
    const wrong = await server.call('PUT', '/api/v1/vms', { body: {} })
    expect(wrong.headers.get('allow')).toBe('GET')
    expect((await problemOf(wrong)).code).toBe('method-not-allowed')
    expect((await problemOf(await server.call('GET', '/api/v1/vms/%E0%A4%A'))).status).toBe(400)
  })

  it('reports health, readiness and figures', async () => {
    await using server = await testServer()
    expect((await server.call('GET', '/healthz')).status).toBe(200)
    expect(await (await server.call('GET', '/readyz')).json()).toEqual({ ready: true, checks: [] })
    const figures = await (await server.call('GET', '/metrics')).text()
    for (const line of [
      'coreshift_vms 1',
      'coreshift_live_queue 3',
      'coreshift_database_writes 4',
      'coreshift_libvirt_calls{host="alpha",state="in-flight"} 2',
      'coreshift_libvirt_calls{host="alpha",state="queued"} 1',
      'coreshift_event_lag_seconds_count 0',
    ]) {
      expect(figures).toContain(line)
    }
    expect(figures).toContain(
      'coreshift_http_request_seconds_count{method="GET",route="/healthz",status="200"} 1',
    )
  })

  it('sends the security headers with every answer', async () => {
    await using server = await testServer()
    for (const path of ['/', '/healthz', '/api/v1/vms', '/api/v1/nothing']) {
      const { headers } = await server.call('GET', path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy, path).toContain("default-src 'none'")
      expect(policy, path).toContain("script-src 'self'")
      expect(policy, path).toContain("require-trusted-types-for 'script'")
      expect(policy, path).not.toContain('unsafe')
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      expect(headers.get('x-powered-by'), path).toBeNull()
    }
  })
})
