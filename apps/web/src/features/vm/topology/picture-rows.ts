import type { SteadyVcpu } from '../steady-vm.ts'
import { coresOf, type CoreBox } from './topology-view.ts'

/** Sizes of the picture's parts in px, as the style sheets (socket-box.css, vcpu-cell.css) draw them. */
const CELL_WIDTH = 60
const CORE_PADDING = 4
const CORE_GAP = 6
const CORE_HEIGHT = 40
const BOX_PADDING = 18
const BOX_HEAD = 30
const BOX_GAP = 12

/** A socket with more lines of cores than this is cut into lines, which come into view one by one. */
const LINES_IN_BOX_MAX = 6
/** A socket stands in a box of at most this width; a bigger one takes the whole line. */
const BOX_WIDTH_MAX = 408

interface RowBase {
  readonly heightPx: number
  /** How many vCPUs are in it. */
  readonly cells: number
}

/** One line of the picture: whole sockets side by side, the head of a big socket, or some of its cores. */
export type PictureRow =
  | (RowBase & { readonly kind: 'sockets'; readonly sockets: readonly number[] })
  | (RowBase & { readonly kind: 'head'; readonly socket: number })
  | (RowBase & {
      readonly kind: 'cores'
      readonly socket: number
      readonly cores: readonly CoreBox[]
      readonly isLast: boolean
    })

/** How the sockets of a machine are laid out in a width. All sockets of a machine are alike. */
export function pictureRows(sockets: readonly (readonly SteadyVcpu[])[], widthPx: number): PictureRow[] {
  const cores = coresOf(sockets[0] ?? [])
  const coreWidth = (cores[0]?.vcpus.length ?? 1) * CELL_WIDTH + CORE_PADDING
  const coresIn = (px: number) =>
    Math.max(1, Math.floor((px - BOX_PADDING + CORE_GAP) / (coreWidth + CORE_GAP)))
  const inBox = Math.min(Math.max(1, cores.length), coresIn(Math.min(BOX_WIDTH_MAX, widthPx)))
  const lines = Math.ceil(Math.max(1, cores.length) / inBox)
  if (lines > LINES_IN_BOX_MAX) return cutIntoLines(sockets, coresIn(widthPx))

  const boxWidth = inBox * (coreWidth + CORE_GAP) - CORE_GAP + BOX_PADDING
  const columns = Math.max(1, Math.floor((widthPx + BOX_GAP) / (boxWidth + BOX_GAP)))
  const heightPx = BOX_PADDING + BOX_HEAD + lines * (CORE_HEIGHT + CORE_GAP) - CORE_GAP + BOX_GAP
  const inSocket = sockets[0]?.length ?? 0
  return Array.from({ length: Math.ceil(sockets.length / columns) }, (_, row) => {
    const inRow = sockets.slice(row * columns, (row + 1) * columns).map((__, index) => row * columns + index)
    return { kind: 'sockets', heightPx, cells: inRow.length * inSocket, sockets: inRow }
  })
}

function cutIntoLines(sockets: readonly (readonly SteadyVcpu[])[], perLine: number): PictureRow[] {
  return sockets.flatMap((vcpus, socket): PictureRow[] => {
    const cores = coresOf(vcpus)
    const lines = Math.ceil(cores.length / perLine)
    return [
      { kind: 'head', heightPx: BOX_PADDING / 2 + BOX_HEAD, cells: 0, socket },
      ...Array.from({ length: lines }, (_, line): PictureRow => {
        const isLast = line === lines - 1
        const inLine = cores.slice(line * perLine, (line + 1) * perLine)
        return {
          kind: 'cores',
          heightPx: CORE_HEIGHT + (isLast ? BOX_PADDING / 2 + BOX_GAP : CORE_GAP),
          cells: inLine.reduce((sum, core) => sum + core.vcpus.length, 0),
          socket,
          cores: inLine,
          isLast,
        }
      }),
    ]
  })
}

/** At most so many vCPUs are drawn at once: with their signs they are the most of the page's 3,000 elements. */
const CELLS_DRAWN_MAX = 330
const WINDOW_MIN_PX = 200
const WINDOW_MAX_PX = 560

/** How high the window is in which the rows scroll: the wider the rows, the fewer of them fit the bound. */
export function windowHeightPx(rows: readonly PictureRow[], overscanRows: number): number {
  const totalPx = rows.reduce((sum, row) => sum + row.heightPx, 0)
  const fullest = rows.reduce((most, row) => (row.cells > most.cells ? row : most), {
    cells: 1,
    heightPx: WINDOW_MAX_PX,
  })
  const rowsDrawn = Math.floor(CELLS_DRAWN_MAX / fullest.cells) - 2 * overscanRows
  return Math.max(WINDOW_MIN_PX, Math.min(WINDOW_MAX_PX, totalPx, rowsDrawn * fullest.heightPx))
}
