import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const KIT = fileURLToPath(new URL('../../../../../e2e/real-host/cli.ts', import.meta.url))

/** A host with libvirt 9.0. */
export interface OldHost extends AsyncDisposable {
  readonly uri: string
}

/** The host that CORESHIFT_REAL_OLD_URI names, else the kit's second one, brought up for as long as it is needed. */
export async function oldHost(): Promise<OldHost> {
  const given = process.env['CORESHIFT_REAL_OLD_URI'] ?? ''
  if (given !== '') return { uri: given, [Symbol.asyncDispose]: async () => undefined }
  const wasUp = (await kit('status')).includes('host old: up')
  const uri = /qemu\+unix:[^\s';]*libvirt-sock/.exec(await kit('up', '--old'))?.[0]
  if (uri === undefined) throw new Error('the kit did not say where the old host’s socket is')
  return {
    uri,
    async [Symbol.asyncDispose]() {
      if (!wasUp) await kit('down', '--old')
    },
  }
}

async function kit(...args: readonly string[]): Promise<string> {
  // With a URI given the kit would do nothing; that one is the other host's.
  const env = { ...process.env, CORESHIFT_REAL_URI: '' }
  const { stdout } = await promisify(execFile)(process.execPath, [KIT, ...args], { env })
  return stdout
}
