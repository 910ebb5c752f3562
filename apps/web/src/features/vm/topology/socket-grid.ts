import type { Vcpu } from '@coreshift/shared/contract'
import { coresOf } from './topology-view.ts'

/** Sizes of the picture's parts in px, as the style sheet (vm.css) draws them with three digits in a cell. */
const CELL_WIDTH = 62
const CORE_PADDING = 4
const CORE_GAP = 6
const CORE_HEIGHT = 38
const CORES_WIDTH_MAX = 384
const BOX_PADDING = 18
const BOX_HEAD = 26
const BOX_GAP = 12

export interface SocketGrid {
  readonly columns: number
  readonly rowPx: number
}

/** How many sockets stand side by side, and how high a row of them is. All sockets of a machine are alike. */
export function gridOf(socket: readonly Vcpu[], widthPx: number): SocketGrid {
  const cores = coresOf(socket)
  const threads = cores[0]?.vcpus.length ?? 1
  const coreWidth = threads * CELL_WIDTH + CORE_PADDING
  const coresPerLine = Math.max(1, Math.floor((CORES_WIDTH_MAX + CORE_GAP) / (coreWidth + CORE_GAP)))
  const lines = Math.ceil(Math.max(1, cores.length) / coresPerLine)
  const inLine = Math.min(coresPerLine, Math.max(1, cores.length))
  const boxWidth = inLine * coreWidth + (inLine - 1) * CORE_GAP + BOX_PADDING
  return {
    columns: Math.max(1, Math.floor((widthPx + BOX_GAP) / (boxWidth + BOX_GAP))),
    rowPx: BOX_PADDING + BOX_HEAD + lines * CORE_HEIGHT + (lines - 1) * CORE_GAP + BOX_GAP,
  }
}
