import type { DetectedSystem, DetectionRules } from './detection-rules.ts'

/** Reads a libosinfo id, as domain metadata carry it, e.g. `http://debian.org/debian/12`. */
export function libosinfoDetector(rules: DetectionRules['libosinfo']): (id: string) => DetectedSystem {
  const patterns = rules.patterns.map((rule) => ({ ...rule, regex: new RegExp(rule.pattern) }))
  const names = new Map(rules.entries.map((entry) => [entry.id, entry.name]))
  const linuxVendors = new Set(rules.otherLinuxVendors)
  return (id) => {
    const name = names.get(id) ?? wordsOf(id)
    for (const rule of patterns) {
      const found = rule.regex.exec(id)
      if (!found) continue
      const version = rule.version?.replace('$1', found[1] ?? '') ?? null
      return { os: rule.os, version, edition: null, name }
    }
    const vendor = /^https?:\/\/([^/]+)\//.exec(id)?.[1] ?? ''
    return { os: linuxVendors.has(vendor) ? 'linux-other' : 'other', version: null, edition: null, name }
  }
}

/** What a person can read of an id that is newer than the rules: `http://rockylinux.org/rocky/9.4` is rocky 9.4. */
function wordsOf(id: string): string {
  const path = /^https?:\/\/[^/]+\/(.+?)\/?$/.exec(id)?.[1]
  return path?.replaceAll('/', ' ') ?? id
}
