import type { GuestOs } from '../contract/vm.ts'
import { detectFromAgent } from './detect-agent.ts'
import { libosinfoDetector } from './detect-libosinfo.ts'
import type { AgentOs, DetectedSystem, DetectionRules } from './detection-rules.ts'
import { answerOf, findInMatrix, type MatrixAnswer } from './matrix-answer.ts'
import type { GuestKey, GuestSupport, MatrixEdit, MatrixRow } from './matrix-row.ts'
import { matrixArchOf, platformSupport } from './platform-support.ts'
import { disagreementOf } from './source-disagreement.ts'

/** What is known about a guest's system. */
export interface GuestOsEvidence {
  /** libvirt's architecture of the domain. */
  readonly arch: string
  /** libvirt's machine type, where known. */
  readonly machine?: string
  /** From the domain's metadata. */
  readonly libosinfoId?: string
  readonly agentOs?: AgentOs
  /** Key of the row that an administrator chose for this VM. */
  readonly override?: string
}

export interface GuestOsMatrix {
  /** The rows as they are in force, edits included. */
  readonly rows: readonly MatrixRow[]
  row(id: string): MatrixRow | undefined
  /** The keys a guest is looked up by, from the best source that speaks; an override is not considered. */
  keyOf(evidence: GuestOsEvidence): GuestKey
  /** Answer for given keys. */
  find(key: GuestKey): MatrixAnswer
  /** Which system the guest runs, where that is known from, and what it can do with vCPUs while it runs. */
  detect(evidence: GuestOsEvidence): GuestOs
}

function withEdits(rows: readonly MatrixRow[], edits: readonly MatrixEdit[]): readonly MatrixRow[] {
  if (edits.length === 0) return rows
  const byRow = new Map(edits.map((edit) => [edit.row, edit]))
  return rows.map((row) => {
    const edit = byRow.get(row.id)
    return edit ? { ...row, plug: edit.plug, unplug: edit.unplug } : row
  })
}

/** Where the emulated machine says no, a guest's yes (or not knowing) does not help. */
function limited(answer: GuestSupport, evidence: GuestOsEvidence): GuestSupport {
  const platform = platformSupport(evidence.arch, evidence.machine ?? '')
  return {
    plug: platform?.plug === false ? '-' : answer.plug,
    unplug: platform?.unplug === false ? '-' : answer.unplug,
  }
}

/**
 * The matrix with its detection rules.
 * @param edits an administrator's changes; the last one of a row holds
 */
export function guestOsMatrix(
  data: { readonly rows: readonly MatrixRow[]; readonly detection: DetectionRules },
  edits: readonly MatrixEdit[] = [],
): GuestOsMatrix {
  const rows = withEdits(data.rows, edits)
  const byId = new Map(rows.map((row) => [row.id, row]))
  const fromLibosinfo = libosinfoDetector(data.detection.libosinfo)

  const sourcesOf = (evidence: GuestOsEvidence) => ({
    agent: evidence.agentOs && detectFromAgent(data.detection, evidence.agentOs),
    metadata: evidence.libosinfoId === undefined ? undefined : fromLibosinfo(evidence.libosinfoId),
  })
  const archOf = (evidence: GuestOsEvidence) => {
    // A 32-bit guest can run in a 64-bit domain, so the guest's own word counts first.
    const told = matrixArchOf(evidence.agentOs?.machine ?? '')
    return rows.some((row) => row.arch === told) ? told : matrixArchOf(evidence.arch)
  }
  const keyFor = (system: DetectedSystem | undefined, evidence: GuestOsEvidence): GuestKey => ({
    os: system?.os ?? 'other',
    version: system?.version ?? null,
    edition: system?.edition ?? null,
    arch: archOf(evidence),
  })
  const keyOf = (evidence: GuestOsEvidence) => {
    const { agent, metadata } = sourcesOf(evidence)
    return keyFor(agent ?? metadata, evidence)
  }

  const detect = (evidence: GuestOsEvidence): GuestOs => {
    const sources = sourcesOf(evidence)
    const override = evidence.override === undefined ? undefined : byId.get(evidence.override)
    const system = sources.agent ?? sources.metadata
    const key = keyFor(system, evidence)
    const answer = override
      ? answerOf([override], override.os === key.os ? key.edition : null)
      : findInMatrix(rows, key)
    const row = answer.rows.length === 1 ? answer.rows[0]?.id : undefined
    const disagreement = disagreementOf({
      rows,
      override,
      agent: sources.agent,
      metadata: sources.metadata,
      arch: archOf(evidence),
    })
    return {
      name: override?.name ?? system?.name ?? 'unknown',
      source: override ? 'override' : sources.agent ? 'agent' : sources.metadata ? 'metadata' : 'none',
      ...(row !== undefined && { row }),
      ...limited(answer, evidence),
      ...(answer.socketsMax !== undefined && { socketsMax: answer.socketsMax }),
      ...(disagreement !== undefined && { disagreement }),
    }
  }

  return { rows, row: (id) => byId.get(id), keyOf, find: (key) => findInMatrix(rows, key), detect }
}
