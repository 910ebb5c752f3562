import { ParseOption, XmlDocument, XmlElement } from 'libxml2-wasm'
import { z } from 'zod'
import { Failure } from '../../failure.ts'

/** oVirt's JSON writes numbers as text; its clients write them either way. */
const Count = z
  .union([
    z.int(),
    z
      .string()
      .trim()
      .regex(/^\d{1,5}$/, 'a whole number')
      .transform(Number),
  ])
  .pipe(z.int().min(0).max(16_384))

const Topology = z.object({ sockets: Count.optional(), cores: Count.optional(), threads: Count.optional() })

/** The parts of oVirt's `Vm` that can be changed here. Others are passed over, as oVirt does with read-only ones. */
const VmBody = z.object({
  description: z.string().max(8192).optional(),
  cpu: z.object({ topology: Topology.optional() }).optional(),
})

export interface VmUpdate {
  readonly description?: string
  readonly sockets?: number
  readonly cores?: number
  readonly threads?: number
}

/**
 * An update of a VM as JSON: `{"cpu": {"topology": {"sockets": 2}}}`, bare or within `vm`.
 * @throws Failure `invalid-request`
 */
export function vmUpdateOfJson(text: string): VmUpdate {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new Failure('invalid-request', 'The body is no JSON.', { cause })
  }
  const body = z.union([z.object({ vm: VmBody }).transform(({ vm }) => vm), VmBody]).safeParse(json)
  return update(body)
}

/** No network, no external entities, no substitution, and oVirt's documents need none of them. */
const SAFE =
  ParseOption.XML_PARSE_NONET |
  ParseOption.XML_PARSE_NO_XXE |
  ParseOption.XML_PARSE_NOERROR |
  ParseOption.XML_PARSE_NOWARNING

/**
 * An update of a VM as XML: `<vm><cpu><topology sockets="2" cores="1"/></cpu></vm>`, with elements instead of the
 * attributes (oVirt 4), or `<cpu>` or `<topology>` alone.
 * @throws Failure `invalid-request`
 */
export function vmUpdateOfXml(text: string): VmUpdate {
  let document: XmlDocument
  try {
    document = XmlDocument.fromString(text.trim(), { option: SAFE })
  } catch (cause) {
    throw new Failure('invalid-request', 'The body is no well-formed XML.', { cause })
  }
  try {
    if (document.dtd !== null) {
      throw new Failure('invalid-request', 'Leave the document type declaration out.')
    }
    const { root } = document
    if (!['vm', 'cpu', 'topology'].includes(root.name)) {
      throw new Failure('invalid-request', `<${root.name}> is no VM: send <vm>, <cpu> or <topology>.`)
    }
    const cpu = root.name === 'vm' ? child(root, 'cpu') : root
    const topology = cpu?.name === 'cpu' ? child(cpu, 'topology') : cpu
    const description = root.name === 'vm' ? child(root, 'description')?.content : undefined
    return update(
      VmBody.safeParse({
        ...(description !== undefined && { description }),
        ...(topology && { cpu: { topology: countsOf(topology) } }),
      }),
    )
  } finally {
    document.dispose()
  }
}

function countsOf(topology: XmlElement): Record<string, string> {
  return Object.fromEntries(
    ['sockets', 'cores', 'threads'].flatMap((name) => {
      const value = topology.attr(name)?.value ?? child(topology, name)?.content
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

function child(parent: XmlElement, name: string): XmlElement | undefined {
  for (let node = parent.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement && node.name === name) return node
  }
  return undefined
}

function update(parsed: z.ZodSafeParseResult<z.infer<typeof VmBody>>): VmUpdate {
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Failure(
      'invalid-request',
      `${issue?.path.join('.') ?? 'The body'}: ${issue?.message ?? 'is not valid'}`,
    )
  }
  const { description, cpu } = parsed.data
  const { sockets, cores, threads } = cpu?.topology ?? {}
  return {
    ...(description !== undefined && { description }),
    ...(sockets !== undefined && { sockets }),
    ...(cores !== undefined && { cores }),
    ...(threads !== undefined && { threads }),
  }
}
