import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

interface KernelModule {
  readonly name: string
  readonly data: Buffer
}

/**
 * The named modules and everything they need, in an order in which they can be loaded. Dependencies are read
 * from each module's own `.modinfo` (a list of zero-ended `key=value`), as `modinfo` does.
 * @throws Error when a module is not below `folder`.
 */
export async function modulesInOrder(
  folder: string,
  wanted: readonly string[],
): Promise<readonly KernelModule[]> {
  const paths = new Map<string, string>()
  for (const entry of await readdir(folder, { recursive: true })) {
    if (entry.endsWith('.ko')) paths.set(moduleName(entry), join(folder, entry))
  }
  const loaded = new Map<string, KernelModule>()
  const load = async (name: string): Promise<void> => {
    if (loaded.has(name)) return
    const path = paths.get(name)
    if (path === undefined) throw new Error(`there is no kernel module ${name} below ${folder}`)
    const data = await readFile(path)
    for (const dependency of dependenciesOf(data)) await load(dependency)
    loaded.set(name, { name, data })
  }
  for (const name of wanted) await load(name)
  return [...loaded.values()]
}

function dependenciesOf(data: Buffer): readonly string[] {
  const found = /\0depends=([^\0]*)\0/.exec(data.toString('latin1'))?.[1] ?? ''
  return found === '' ? [] : found.split(',').map((name) => name.replaceAll('-', '_'))
}

function moduleName(path: string): string {
  return basename(path, '.ko').replaceAll('-', '_')
}
