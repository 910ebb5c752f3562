import { describe, expect, it } from 'vitest'
import { testServer } from '../../test/test-server.ts'
import { apiRoutes } from './api-routes.ts'

type Json = { readonly [key: string]: unknown }

function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) =>
    key === '$ref' && typeof member === 'string' ? [member] : references(member),
  )
}

describe('the OpenAPI document', () => {
  it('describes every route, with the problems it may answer', async () => {
    await using server = await testServer()
    const document = (await (await server.call('GET', '/api/openapi.json')).json()) as {
      openapi: string
      paths: Record<string, Record<string, { operationId: string; responses: Json; security?: unknown[] }>>
    }
    expect(document.openapi).toBe('3.1.0')
    const ids = new Set<string>()
    for (const route of apiRoutes(server.services)) {
      const path = `/api/v1${route.path.replace(':uuid', '{uuid}').replace(':id', '{id}')}`
      const operation = document.paths[path]?.[route.method.toLowerCase()]
      expect(operation, `${route.method} ${path}`).toBeDefined()
      if (!operation) continue
      ids.add(operation.operationId)
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining([...Object.keys(route.answers), '500']),
      )
      expect(operation.security).toEqual(route.access === 'public' ? [] : undefined)
    }
    expect(ids.size).toBe(apiRoutes(server.services).length)
  })

  it('has a page for people, without a script', async () => {
    await using server = await testServer()
    const page = await (await server.call('GET', '/api/docs')).text()
    for (const { path, summary } of apiRoutes(server.services)) {
      expect(page).toContain(path.replace(':uuid', '{uuid}').replace(':id', '{id}'))
      expect(page).toContain(summary.slice(0, 20))
    }
    expect(page).not.toContain('<script')
    expect((await server.call('GET', '/api/docs.css')).headers.get('content-type')).toMatch(/^text\/css/)
  })

  it('refers to nothing that it does not hold', async () => {
    await using server = await testServer()
    const document = (await (await server.call('GET', '/api/openapi.json')).json()) as {
      components: { schemas: Json }
    }
    const names = new Set(
      Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`),
    )
    const used = references(document)
    expect(used.length).toBeGreaterThan(20)
    for (const reference of used) expect(names).toContain(reference)
    expect(names).toContain('#/components/schemas/Operation')
    expect(names).toContain('#/components/schemas/Problem')
    expect(names).toContain('#/components/schemas/ResizeRequestInput')
  })
})
