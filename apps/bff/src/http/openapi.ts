import { z } from 'zod'
import { PROBLEM_CODES, Problem, type ProblemCode } from '@coreshift/shared/contract'
import { LOWEST_ROLE } from '../identity/rights.ts'
import { statusOf } from './problem.ts'
import { REQUEST_HEADERS, type RequestHeader } from './request-headers.ts'
import type { Answer, Route } from './route.ts'

type JsonObject = { [key: string]: unknown }

/** OpenAPI 3.1 made from the same table and the same schemas that the server uses: it cannot disagree with them. */
export function openApiDocument(routes: readonly Route[], version: string): JsonObject {
  const components = new Map<string, JsonObject>()
  const paths: Record<string, JsonObject> = {}
  for (const route of routes) {
    const path = `/api/v1${route.path.replaceAll(/:([A-Za-z]+)/g, '{$1}')}`
    const item = (paths[path] ??= {})
    item[route.method.toLowerCase()] = operationOf(route, components)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Coreshift',
      version,
      description:
        'Changes the number of vCPUs of running libvirt/QEMU virtual machines and follows every vCPU. Errors are RFC 9457 problems.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An API token' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'coreshift.session_token',
          description: 'Set by signing in',
        },
      },
      schemas: Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  }
}

function operationOf(route: Route, components: Map<string, JsonObject>): JsonObject {
  const parameters = [
    ...parametersOf(route.params, 'path', components),
    ...parametersOf(route.query, 'query', components),
    ...route.headers.map((header) => headerParameter(header)),
  ]
  return {
    operationId: operationId(route),
    summary: route.summary,
    description: accessInWords(route),
    tags: [route.path.split('/')[1] ?? 'other'],
    ...(route.access === 'public' ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: !route.body.safeParse(undefined).success,
            content: { 'application/json': { schema: schemaOf(route.body, 'input', components) } },
          },
        }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, answer]) => [status, responseOf(answer, components)]),
      ),
      ...problemResponses(route, components),
    },
  }
}

function responseOf(answer: Answer, components: Map<string, JsonObject>): JsonObject {
  if (answer.schema) {
    return {
      description: answer.description,
      content: { 'application/json': { schema: schemaOf(answer.schema, 'output', components) } },
    }
  }
  if (answer.contentType !== undefined) {
    return {
      description: answer.description,
      content: { [answer.contentType]: { schema: { type: 'string' } } },
    }
  }
  return { description: answer.description }
}

/** Every problem that the route may answer with, by status. */
function problemResponses(route: Route, components: Map<string, JsonObject>): JsonObject {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of PROBLEM_CODES) {
    if (code === 'method-not-allowed') continue
    if (route.access === 'public' && code === 'unauthenticated' && route.body === undefined) continue
    const status = statusOf(code)
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const schema = schemaOf(Problem, 'output', components)
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: `Problem: ${codes.join(', ')}`,
        content: { 'application/problem+json': { schema } },
      },
    ]),
  )
}

function headerParameter(header: RequestHeader): JsonObject {
  const { name, schema } = REQUEST_HEADERS[header]
  const { description, $schema: _dialect, ...rest } = z.toJSONSchema(schema) as JsonObject
  return { name, in: 'header', required: false, description, schema: rest }
}

function parametersOf(
  schema: z.ZodType | undefined,
  place: 'path' | 'query',
  components: Map<string, JsonObject>,
): JsonObject[] {
  if (!schema) return []
  const object = schemaOf(schema, 'input', components)
  const properties = isObject(object['properties']) ? object['properties'] : {}
  const required = Array.isArray(object['required']) ? object['required'] : []
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = isObject(property) ? property : {}
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    }
  })
}

/** JSON Schema of a zod schema; named parts go to the components and are referred to. */
function schemaOf(
  schema: z.ZodType,
  io: 'input' | 'output',
  components: Map<string, JsonObject>,
): JsonObject {
  const made = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' })
  const { $schema: _dialect, $defs: definitions, ...root } = made as JsonObject
  const names = new Map<string, string>()
  const named = new Map(Object.entries(isObject(definitions) ? definitions : {}))
  const rootName = z.globalRegistry.get(schema)?.id
  // A schema that is used again within itself is among the definitions already, and the root only points there.
  if (rootName !== undefined && !named.has(rootName)) named.set(rootName, root)
  // A default makes a member optional where it is sent and certain where it is answered: two schemas.
  for (const name of named.keys())
    names.set(name, io === 'input' && !name.endsWith('Input') ? `${name}Input` : name)
  for (const [name, definition] of named) {
    components.set(names.get(name) ?? name, withReferences(stripped(definition), names))
  }
  if (rootName !== undefined) return { $ref: `#/components/schemas/${names.get(rootName)}` }
  return withReferences(root, names)
}

function stripped(definition: unknown): JsonObject {
  if (!isObject(definition)) return {}
  const { id: _id, $schema: _dialect, ...rest } = definition
  return rest
}

function withReferences(value: unknown, names: ReadonlyMap<string, string>): JsonObject {
  const rewrite = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(rewrite)
    if (!isObject(part)) return part
    return Object.fromEntries(
      Object.entries(part).map(([key, member]) => {
        if (key === '$ref' && typeof member === 'string') {
          const name = member.replace(/^#\/\$defs\//, '')
          return [key, `#/components/schemas/${names.get(name) ?? name}`]
        }
        return [key, rewrite(member)]
      }),
    )
  }
  const rewritten = rewrite(value)
  return isObject(rewritten) ? rewritten : {}
}

function operationId({ method, path }: Route): string {
  const words = path
    .split('/')
    .filter((word) => word !== '')
    .map((word) => (word.startsWith(':') ? `by-${word.slice(1)}` : word))
    .join('-')
    .split(/[-.]/)
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

function accessInWords({ access }: Route): string {
  if (access === 'public') return 'Open to everybody.'
  if (access === 'signed-in') return 'For everybody who is signed in.'
  return `Needs the role ${LOWEST_ROLE[access]} or higher.`
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
