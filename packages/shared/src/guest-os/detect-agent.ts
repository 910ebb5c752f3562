import type { AgentOs, DetectedSystem, DetectionRules, WindowsKind } from './detection-rules.ts'

const WINDOWS_ID = 'mswindows'
/** Since Windows 10 every release reports this kernel version; the build number tells them apart. */
const KERNEL_WITH_BUILD_NUMBERS = '10.0'

function windowsVersion(rules: DetectionRules['windows'], agent: AgentOs, kind: WindowsKind): string | null {
  const kernel = agent.kernelVersion ?? KERNEL_WITH_BUILD_NUMBERS
  if (kernel === KERNEL_WITH_BUILD_NUMBERS) {
    const build = Number.parseInt(agent.kernelRelease ?? '', 10)
    const reached = rules.buildThresholds[kind].findLast(([threshold]) => build >= threshold)
    if (reached) return reached[1]
  }
  const told = agent.versionId ?? ''
  // Agents older than the release answer N/A, and the one for Windows 7 answers nothing.
  if (told !== '' && told !== 'N/A') return told
  return rules.kernelVersion[kind][kernel] ?? null
}

function windowsEdition(rules: DetectionRules['windows']['edition'], prettyName: string): string | null {
  const plain = rules.stripMarks.reduce((text, mark) => text.replaceAll(mark, ''), prettyName)
  const rest = plain.replace(new RegExp(rules.stripPrefix), '').trim()
  const entry = rules.map.find(({ match }) => rest === match || rest.startsWith(`${match} `))
  return entry?.edition ?? null
}

function windows(rules: DetectionRules['windows'], agent: AgentOs): DetectedSystem {
  const kind: WindowsKind = agent.variantId === 'server' ? 'server' : 'client'
  const version = windowsVersion(rules, agent, kind)
  const edition = windowsEdition(rules.edition, agent.prettyName ?? '')
  const release = version?.replace(/r2$/, ' R2')
  // Not the guest's own name: the registry of Windows 11 still says Windows 10.
  const name = ['Windows', kind === 'server' && 'Server', release, edition].filter(Boolean).join(' ')
  return { os: kind === 'server' ? 'windows-server' : 'windows', version, edition, name }
}

/**
 * Reads what the guest agent says about its system.
 * @returns `undefined` where the agent gives no `os.id` (a guest without an os-release file)
 */
export function detectFromAgent(rules: DetectionRules, agent: AgentOs): DetectedSystem | undefined {
  const id = agent.id
  if (id === undefined || id === '') return undefined
  if (id === WINDOWS_ID) return windows(rules.windows, agent)
  const name = agent.name ?? ''
  const rule = rules.linux.find(
    (one) => one.osId === id && (one.nameContains === undefined || name.includes(one.nameContains)),
  )
  const version = agent.versionId ?? ''
  return {
    os: rule?.os ?? 'linux-other',
    version,
    edition: null,
    name: agent.prettyName ?? [name || id, version].filter(Boolean).join(' '),
  }
}
