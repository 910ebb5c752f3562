import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { killUnderLoad } from './kill-under-load.ts'

const USAGE = `Usage: npm run crash -w apps/bff -- [--count 500]
Kills a writer with SIGKILL in the midst of its work, again and again on one SQLite database, and looks at what is left.`

const { values } = parseArgs({
  options: { count: { type: 'string', default: '500' }, help: { type: 'boolean' } },
})
if (values.help === true) {
  console.log(USAGE)
  process.exit(0)
}
const count = Number(values.count)
const folder = mkdtempSync(join(tmpdir(), 'coreshift-crash-'))
let bad = 0
let acknowledged = 0
let entries = 0
try {
  for (let kill = 0; kill < count; kill += 1) {
    const aftermath = await killUnderLoad(join(folder, 'coreshift.db'), Math.random())
    acknowledged += aftermath.acknowledged
    entries = aftermath.entries
    if (aftermath.lost.length > 0 || !aftermath.verified || aftermath.halves > 0) {
      bad += 1
      console.error(`kill ${kill}: ${JSON.stringify(aftermath)}`)
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(
  `${count} kills, ${acknowledged} entries acknowledged, ${entries} in a chain that verifies, ${bad} kills with a loss`,
)
process.exitCode = bad === 0 ? 0 : 1
