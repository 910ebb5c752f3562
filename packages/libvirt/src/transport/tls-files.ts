import { readFile } from 'node:fs/promises'
import { ConnectionError } from '../errors/connection-error.ts'
import type { LibvirtUri } from './uri.ts'

/** Where a client looks for its certificates: libvirt's own places (virnettlscontext.c). */
interface TlsPaths {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

interface TlsSurroundings {
  readonly home: string | undefined
  readonly uid: number
  readonly exists: (path: string) => Promise<boolean>
}

const SYSTEM_PATHS: TlsPaths = {
  ca: '/etc/pki/CA/cacert.pem',
  cert: '/etc/pki/libvirt/clientcert.pem',
  key: '/etc/pki/libvirt/private/clientkey.pem',
}

/** `pkipath=`, else the user's own ~/.pki/libvirt (not for root), each file else the system's. */
export async function tlsPaths(uri: LibvirtUri, { home, uid, exists }: TlsSurroundings): Promise<TlsPaths> {
  if (uri.pkipath !== null) return inFolder(uri.pkipath)
  if (uid === 0 || home === undefined) return SYSTEM_PATHS
  const own = inFolder(`${home}/.pki/libvirt`)
  const [hasCa, hasCert, hasKey] = await Promise.all([exists(own.ca), exists(own.cert), exists(own.key)])
  const hasPair = hasCert && hasKey
  return {
    ca: hasCa ? own.ca : SYSTEM_PATHS.ca,
    cert: hasPair ? own.cert : SYSTEM_PATHS.cert,
    key: hasPair ? own.key : SYSTEM_PATHS.key,
  }
}

/** What a TLS connection proves and is proven with, PEM. A client certificate is optional, the CA is not. */
export interface TlsMaterial {
  readonly ca?: string | Buffer
  readonly cert?: string | Buffer
  readonly key?: string | Buffer
}

/** Reads the files. Throws ConnectionError of kind `tls` when the CA is needed and cannot be read, or half a pair is there. */
export async function readTlsMaterial(paths: TlsPaths, needsCa: boolean): Promise<TlsMaterial> {
  const ca = await readOr(paths.ca, needsCa)
  const cert = await readOr(paths.cert, false)
  const key = await readOr(paths.key, cert !== undefined)
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  }
}

async function readOr(path: string, needed: boolean): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (absent && !needed) return undefined
    const why = error instanceof Error ? error.message : String(error)
    throw new ConnectionError('tls', `cannot read ${path}: ${why}`, { cause: error })
  }
}

function inFolder(folder: string): TlsPaths {
  return { ca: `${folder}/cacert.pem`, cert: `${folder}/clientcert.pem`, key: `${folder}/clientkey.pem` }
}
