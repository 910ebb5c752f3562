// `npm run check:dependencies`: looks at the lock file alone, so that the same checkout always gets the same verdict and
// no network is asked. What it guards against stands beside each rule; docs/operations.md says what to do about the rest.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './ensure-installed.mjs'

/** Licences under which the product may be passed on together with the package. */
const SHIPPED_LICENCES = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  // Asks for the source of its own files only, which are passed on unchanged.
  'MPL-2.0',
  'Unlicense',
  '(MIT AND Zlib)',
])
/** Further ones of tools that are used and not passed on. */
const TOOL_LICENCES = new Set(['PSF-2.0', 'CC0-1.0', 'BlueOak-1.0.0'])
/** Packages that state no licence in their manifest, with the one that their files state. */
const STATED_ELSEWHERE = new Map([['xmlhttprequest-ssl', 'MIT']])

const problems = []
const manifest = readJson('package.json')
const lock = readJson('package-lock.json')
const allowedScripts = new Set(Object.keys(manifest.allowScripts ?? {}))
const scriptsSeen = new Set()
let shipped = 0
let tools = 0

if (lock.lockfileVersion < 3)
  problems.push('package-lock.json has to be of version 3 or later; write it with npm 10')

for (const [path, entry] of Object.entries(lock.packages)) {
  const at = path.lastIndexOf('node_modules/')
  if (at < 0) {
    checkRanges(path === '' ? 'package.json' : `${path}/package.json`, entry)
    continue
  }
  if (entry.link) continue
  const name = path.slice(at + 'node_modules/'.length)
  const told = `${name}@${entry.version}`
  const isTool = entry.dev === true || entry.devOptional === true
  if (isTool) tools += 1
  else shipped += 1
  // A lock file that names hosts fetches from there, whatever registry is configured.
  if (entry.resolved !== undefined) problems.push(`${told} names where it is fetched from: ${entry.resolved}`)
  // Without a digest a registry may hand out other bytes tomorrow.
  if (!entry.integrity?.startsWith('sha512-')) problems.push(`${told} has no SHA-512 digest`)
  // An install script runs with the rights of whoever installs.
  if (entry.hasInstallScript) {
    scriptsSeen.add(name)
    if (!allowedScripts.has(name)) {
      problems.push(
        `${told} wants to run a script when it is installed; read it, then add it to allowScripts`,
      )
    }
  }
  const licence = entry.license ?? STATED_ELSEWHERE.get(name)
  if (!SHIPPED_LICENCES.has(licence) && !(isTool && TOOL_LICENCES.has(licence))) {
    problems.push(
      `${told} is under ${licence ?? 'no stated licence'}; decide on it in scripts/check-dependencies.mjs`,
    )
  }
}
for (const name of allowedScripts) {
  if (!scriptsSeen.has(name))
    problems.push(`allowScripts names ${name}, which has no install script any more`)
}

/** Packages come from the registry by version: an address or a branch can change its content. */
function checkRanges(file, entry) {
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    for (const [name, range] of Object.entries(entry[kind] ?? {})) {
      if (/[:/]|^$|^latest$|^\*$/.test(range) && !(range === '*' && name.startsWith('@coreshift/'))) {
        problems.push(`${file} asks for ${name} by "${range}"; a range of versions is right`)
      }
    }
  }
}

function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'))
}

for (const problem of problems) console.error(problem)
console.log(`${shipped} packages that are shipped and ${tools} tools looked at, ${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1
