import {
  findInMatrix,
  matrixArchOf,
  platformSupport,
  type AgentOs,
  type GuestKey,
  type MatrixRow,
} from '@coreshift/shared'
import { describe, expect, it } from 'vitest'
import { createGuestOsMatrix } from './create-guest-os-matrix.ts'
import { readGuestOsData } from './guest-os-data.ts'
import matrixJson from './matrix.json' with { type: 'json' }

const data = readGuestOsData()
const matrix = createGuestOsMatrix()

/** Field names of `virDomainGetGuestInfo` as the rules call them: `os.pretty-name` is `prettyName`. */
function agentOsOf(fields: Readonly<Record<string, string>>): AgentOs {
  const camel = (name: string) =>
    name.replace(/^os\./, '').replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [camel(name), value]))
}

describe('the worked examples of the detection file', () => {
  it.each(data.detectionFile.examples)('$title', ({ input, result, rows, plug, unplug }) => {
    const evidence = {
      arch: input.domain_arch,
      ...(input.libosinfo !== undefined && { libosinfoId: input.libosinfo }),
      ...(input.agent && { agentOs: agentOsOf(input.agent) }),
    }
    const { decided_by, ...key } = result
    expect(matrix.keyOf(evidence)).toEqual(key)
    expect(matrix.find(key).rows.map((row) => row.id)).toEqual(rows)
    const detected = matrix.detect(evidence)
    expect([detected.plug, detected.unplug]).toEqual([plug, unplug])
    expect(detected.source).toBe(
      { 'guest agent': 'agent', libosinfo: 'metadata', none: 'none' }[decided_by ?? 'none'],
    )
    expect(detected.row).toBe(rows.length === 1 ? rows[0] : undefined)
    expect(detected.disagreement).toBeUndefined()
  })
})

/** Keys that a row speaks about. */
function keysOf(row: MatrixRow): GuestKey[] {
  const { version, edition } = row
  const versions =
    version.type === 'any'
      ? [null]
      : version.type === 'list'
        ? version.values
        : version.type === 'range'
          ? [version.min]
          : [version.value]
  const editions = edition.type === 'any' ? [null] : edition.values
  return versions.flatMap((one) =>
    editions.map((name) => ({ os: row.os, version: one, edition: name, arch: row.arch })),
  )
}

describe('the rows', () => {
  it.each(data.rows)('$id is reached by its own keys', (row) => {
    for (const key of keysOf(row)) {
      expect(findInMatrix(data.rows, key)).toMatchObject({
        rows: [{ id: row.id }],
        plug: row.plug,
        unplug: row.unplug,
      })
    }
  })

  it('have keys of their own', () => {
    const ids = data.rows.map((row) => row.id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('keep the 17 seed rows as the table of 2014 has them', () => {
    const read = { '+': '+', '-': '-', '?': 'unknown', 'Reboot Required': 'reboot-required' } as const
    const seeds = data.rows.filter((row) => row.origin === 'seed')
    expect(seeds).toHaveLength(17)
    for (const row of seeds) {
      expect(row.plug).toBe(Object.entries(read).find(([cell]) => cell === row.seed?.plug)?.[1])
      expect(row.unplug).toBe(Object.entries(read).find(([cell]) => cell === row.seed?.unplug)?.[1])
    }
  })

  it('say nothing that their platform contradicts', () => {
    for (const row of data.rows) {
      const platform = platformSupport(row.arch, '')
      if (platform?.plug === false) expect(row.plug).toBe('-')
      if (platform?.unplug === false) expect(row.unplug).toBe('-')
    }
  })

  it('name sources that the list of sources has', () => {
    const titles = new Set(data.matrixFile.sources.map((source) => source.title))
    const named = data.rows.flatMap((row) => [...row.source, ...(row.later?.source ?? [])])
    expect(named.filter((title) => !titles.has(title))).toEqual([])
  })
})

describe('the files', () => {
  it('agree with the platforms that the rules know', () => {
    for (const { arch, plug, unplug } of data.matrixFile.platforms) {
      expect(platformSupport(arch, '')).toEqual({ plug: plug === '+', unplug: unplug === '+' })
    }
  })

  it('agree with the names of architectures that the rules know', () => {
    for (const { values, arch } of data.detectionFile.architecture.map) {
      if (arch === null) continue
      expect(values.map(matrixArchOf)).toEqual(values.map(() => arch))
    }
  })

  it.each(data.detectionFile.libosinfo.entries)(
    '$id is read as the file says',
    ({ id, os, version, name }) => {
      const evidence = { arch: 'x86_64', libosinfoId: id }
      expect(matrix.keyOf(evidence)).toEqual({ os, version, edition: null, arch: 'x86_64' })
      expect(matrix.detect(evidence).name).toBe(name)
    },
  )

  it('are refused with the place of the fault when a row is damaged', async () => {
    const { MatrixFile } = await import('./matrix-file.ts')
    const damaged = structuredClone(matrixJson) as { rows: { plug: string }[] }
    const [first] = damaged.rows
    if (first) first.plug = 'perhaps'
    expect(MatrixFile.safeParse(damaged).error?.issues[0]?.path).toEqual(['rows', 0, 'plug'])
  })
})
