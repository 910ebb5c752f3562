// `npm start`: installs what is missing, builds the page when it changed, starts the product.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureInstalled, fail, nodeBinary, root, run, toolEnvironment } from './ensure-installed.mjs'

ensureInstalled()
const built = run('turbo', ['run', 'build', '--output-logs=errors-only', '--log-order=stream'], {
  stdio: ['ignore', 2, 2],
})
if (built !== 0) fail('The page could not be built; the words above say why. Nothing was started.')

const server = spawn(nodeBinary(), [join(root, 'apps', 'bff', 'src', 'main.ts')], {
  cwd: root,
  stdio: 'inherit',
  env: toolEnvironment(),
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal))
server.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1)
})
