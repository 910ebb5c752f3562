import { describe, expect, it } from 'vitest'
import { vmWith } from '../../../../stories/fixtures.ts'
import { pictureRows, windowHeightPx, type PictureRow } from './picture-rows.ts'
import { socketsOfVm } from './topology-view.ts'

const machine = (sockets: number, cores: number, threads: number) =>
  socketsOfVm(vmWith({ topology: { sockets, dies: 1, clusters: 1, cores, threads }, present: 2 }))

const idsIn = (row: PictureRow) =>
  row.kind === 'cores' ? row.cores.flatMap((core) => core.vcpus.map(({ id }) => id)) : []

describe('the lines of a picture with very many vCPUs', () => {
  it('hold as many small sockets side by side as fit, and always one', () => {
    const sockets = machine(64, 1, 2)
    const columns = (width: number) => pictureRows(sockets, width)[0]
    expect(columns(1000)).toMatchObject({ kind: 'sockets', sockets: [0, 1, 2, 3, 4, 5] })
    expect(columns(100)).toMatchObject({ kind: 'sockets', sockets: [0] })
  })

  it('name every socket once', () => {
    const rows = pictureRows(machine(65, 1, 2), 1000)
    expect(rows.flatMap((row) => (row.kind === 'sockets' ? row.sockets : []))).toEqual(
      Array.from({ length: 65 }, (_, socket) => socket),
    )
  })

  it('cut one socket of thousands into lines that hold every vCPU once', () => {
    const rows = pictureRows(machine(1, 4096, 1), 1000)
    expect(rows[0]).toMatchObject({ kind: 'head', socket: 0 })
    expect(rows.flatMap(idsIn)).toEqual(Array.from({ length: 4096 }, (_, id) => id))
    expect(Math.max(...rows.map((row) => idsIn(row).length))).toBeLessThanOrEqual(16)
    expect(rows.at(-1)).toMatchObject({ isLast: true })
  })

  it('are as wide as the window lets them be', () => {
    const sockets = machine(2, 512, 2)
    expect(pictureRows(sockets, 3000).length).toBeLessThan(pictureRows(sockets, 400).length)
  })

  it.each([400, 1000, 2400, 3800])(
    'drawn in a window of %i px are never more than the page can bear',
    (width) => {
      const rows = pictureRows(machine(1, 4096, 1), width)
      const visible = Math.ceil(windowHeightPx(rows, 1) / 46) + 2
      const most = Math.max(...rows.map(({ cells }) => cells))
      expect(visible * most).toBeLessThanOrEqual(500)
    },
  )

  it('need no more window than they have lines', () => {
    expect(windowHeightPx(pictureRows(machine(4, 1, 2), 1000), 1)).toBe(200)
  })
})
