// `npm run admin -- …`: the command line beside the server. Runs on any Node from 18 on and starts Node 26.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureInstalled, fail, nodeBinary, root, toolEnvironment } from './ensure-installed.mjs'

ensureInstalled()
const result = spawnSync(
  nodeBinary(),
  [join(root, 'apps', 'bff', 'src', 'admin.ts'), ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
    env: toolEnvironment(),
  },
)
if (result.error) fail(`Node could not be started: ${result.error.message}`)
process.exitCode = result.status ?? 1
