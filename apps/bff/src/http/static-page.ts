import { readFile, stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Request, RequestHandler, Response } from 'express'
import { Failure } from '../failure.ts'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}
const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.json', '.webmanifest', '.svg', '.txt'])

/** Brotli's second best quality: the best takes ten times as long for two percent. */
const BROTLI_QUALITY = 9

/** Files whose name holds a hash of their content. */
const HASHED_FOLDER = '/assets/'

type Encoding = 'br' | 'gzip' | 'identity'

interface PageFile {
  readonly mtimeMs: number
  readonly path: string
  readonly type: string
  readonly encodings: Map<Encoding, Promise<Buffer>>
}

/**
 * Serves the built page: its files, and `index.html` for every other address, because the page has routes of its
 * own. A file is read and compressed once and again when it changed.
 * @param folder the page's build folder
 */
export function staticPage(folder: string): RequestHandler {
  const files = new Map<string, PageFile>()

  async function fileAt(urlPath: string): Promise<PageFile | undefined> {
    const relative = normalize(urlPath)
    if (relative.split(sep).includes('..') || relative.includes('\0')) return undefined
    const path = join(folder, relative)
    const found = await stat(path).catch(() => undefined)
    if (!found?.isFile()) return undefined
    const known = files.get(path)
    if (known?.mtimeMs === found.mtimeMs) return known
    const file: PageFile = {
      mtimeMs: found.mtimeMs,
      path,
      type: CONTENT_TYPES[extname(path)] ?? 'application/octet-stream',
      encodings: new Map(),
    }
    files.set(path, file)
    return file
  }

  async function serve(request: Request, response: Response): Promise<void> {
    const direct = await fileAt(request.path)
    const hashed = request.path.startsWith(HASHED_FOLDER)
    if (!direct && (hashed || extname(request.path) !== '')) {
      throw new Failure('not-found', `There is no file ${request.path}.`)
    }
    const file = direct ?? (await fileAt('/index.html'))
    if (!file) {
      response.status(503).type('text/plain')
      response.send(
        'The page is not built. Run "npm run build", or start with "npm start", which builds it.\n',
      )
      return
    }
    const encoding = encodingFor(request, file)
    const content = await contentOf(file, encoding)
    response.setHeader('Content-Type', file.type)
    response.setHeader('Vary', 'Accept-Encoding')
    response.setHeader('Cache-Control', direct && hashed ? 'public, max-age=31536000, immutable' : 'no-store')
    if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding)
    response.setHeader('Content-Length', content.length)
    response.status(200).end(request.method === 'HEAD' ? undefined : content)
  }

  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      throw new Failure('method-not-allowed', 'Only the API below /api/v1 takes this method.')
    }
    return serve(request, response)
  }
}

function encodingFor(request: Request, file: PageFile): Encoding {
  if (!COMPRESSIBLE.has(extname(file.path))) return 'identity'
  const best = request.acceptsEncodings('br', 'gzip', 'identity')
  return best === 'br' || best === 'gzip' ? best : 'identity'
}

function contentOf(file: PageFile, encoding: Encoding): Promise<Buffer> {
  const known = file.encodings.get(encoding)
  if (known) return known
  const content = readEncoded(file.path, encoding)
  file.encodings.set(encoding, content)
  // A failed read is not remembered.
  content.catch(() => file.encodings.delete(encoding))
  return content
}

async function readEncoded(path: string, encoding: Encoding): Promise<Buffer> {
  const content = await readFile(path)
  switch (encoding) {
    case 'identity':
      return content
    case 'gzip':
      return promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION })
    case 'br':
      return promisify(brotliCompress)(content, {
        params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY },
      })
  }
}
