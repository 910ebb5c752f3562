/** One thing in an initial file system. Paths have no leading slash. */
export type ArchiveEntry =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly data: Buffer; readonly executable: boolean }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | {
      readonly kind: 'character device'
      readonly path: string
      readonly major: number
      readonly minor: number
    }

const MODE = {
  folder: 0o040755,
  file: 0o100644,
  program: 0o100755,
  link: 0o120777,
  device: 0o020600,
} as const

/**
 * An archive in the "newc" form that the Linux kernel unpacks as its initial file system
 * (Documentation/driver-api/early-userspace/buffer-format.rst). Folders on the way are added by themselves.
 */
export function cpioArchive(entries: readonly ArchiveEntry[]): Buffer {
  const parts: Buffer[] = []
  const folders = new Set<string>()
  let inode = 1

  const add = (path: string, mode: number, data: Buffer, major = 0, minor = 0): void => {
    const name = Buffer.from(`${path}\0`)
    const fields = [inode++, mode, 0, 0, 1, 0, data.length, 0, 0, major, minor, name.length, 0]
    const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`
    parts.push(padded(Buffer.concat([Buffer.from(header), name])), padded(data))
  }
  const addFolder = (path: string): void => {
    if (path === '' || folders.has(path)) return
    addFolder(parentOf(path))
    folders.add(path)
    add(path, MODE.folder, Buffer.alloc(0))
  }

  for (const entry of entries) {
    addFolder(parentOf(entry.path))
    if (entry.kind === 'folder') addFolder(entry.path)
    else if (entry.kind === 'file') add(entry.path, entry.executable ? MODE.program : MODE.file, entry.data)
    else if (entry.kind === 'link') add(entry.path, MODE.link, Buffer.from(entry.target))
    else add(entry.path, MODE.device, Buffer.alloc(0), entry.major, entry.minor)
  }
  add('TRAILER!!!', 0, Buffer.alloc(0))
  return Buffer.concat(parts)
}

function parentOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
}

function padded(bytes: Buffer): Buffer {
  const rest = bytes.length % 4
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - rest)])
}
