// @vitest-environment happy-dom
import { act, screen, waitFor } from '@testing-library/react'
import { notifyManager } from '@tanstack/react-query'
import { describe, expect, it, vi } from 'vitest'
import type { TopicSnapshots, Vcpu } from '@coreshift/shared/contract'
import { liveVm } from '../src/live/live-topics.ts'
import { prepareBrowser, showStory } from './render-story.tsx'

prepareBrowser()

/** Renderings of each component since the last look, by what it shows. */
const renders = new Map<string, number>()
const count = (what: string) => renders.set(what, (renders.get(what) ?? 0) + 1)

/** Counts the renderings of a component that takes these props, memoized as it is. */
function counted<Props extends object>(Component: unknown, what: (props: Props) => string): unknown {
  if (typeof Component === 'function') {
    return (props: Props) => {
      count(what(props))
      return (Component as (props: Props) => unknown)(props)
    }
  }
  const memoized = Component as { type: unknown }
  return { ...memoized, type: counted(memoized.type, what) }
}

vi.mock('../src/features/vm/topology/vcpu-cell.tsx', async (original) => {
  const module = await original<Record<string, unknown>>()
  return { VcpuCell: counted<{ id: number }>(module['VcpuCell'], ({ id }) => `vCPU ${id}`) }
})
vi.mock('../src/features/vm/topology/socket-box.tsx', async (original) => {
  const module = await original<Record<string, unknown>>()
  return {
    ...module,
    SocketBox: counted<{ socket: number }>(module['SocketBox'], ({ socket }) => `socket ${socket}`),
  }
})
vi.mock('../src/features/vm/topology/topology-picture.tsx', async (original) => {
  const module = await original<Record<string, unknown>>()
  return { TopologyPicture: counted(module['TopologyPicture'], () => 'picture') }
})
vi.mock('../src/features/vm/vcpus-card.tsx', async (original) => {
  const module = await original<Record<string, unknown>>()
  return { VcpusCard: counted(module['VcpusCard'], () => 'vCPUs card') }
})
vi.mock('../src/features/vm/head/vm-header.tsx', async (original) => {
  const module = await original<Record<string, unknown>>()
  return { VmHeader: counted(module['VmHeader'], () => 'header') }
})
vi.mock('../src/features/vm/vm-history.tsx', async (original) => {
  const module = await original<Record<string, unknown>>()
  return { VmHistory: counted(module['VmHistory'], () => 'history') }
})
vi.mock('../src/features/vm/about/about-card.tsx', async (original) => {
  const module = await original<Record<string, unknown>>()
  return { AboutCard: counted(module['AboutCard'], () => 'about') }
})

/** Does something and waits until the page has drawn what follows from it. */
async function rendered(work: () => unknown): Promise<void> {
  await act(async () => {
    work()
    // The query library tells its observers in a task of its own.
    await new Promise<void>((done) => notifyManager.schedule(() => done()))
  })
}

/** Shows the VM page and returns how to let the server change one vCPU, which tells what rendered. */
async function showVm() {
  const app = await showStory('vm')
  await screen.findByRole('spinbutton', { name: 'Sockets' })
  await screen.findByRole('button', { name: 'vCPU 5, present' })
  // What is drawn after the first frame is there as well.
  await screen.findByRole('region', { name: 'About this machine' })
  await waitFor(async () => {
    renders.clear()
    await rendered(() => undefined)
    expect([...renders.keys()]).toEqual([])
  })
  const uuid = app.router.state.location.pathname.split('/').at(-1) ?? ''
  return async (id: number, change: Partial<Vcpu>): Promise<string[]> => {
    renders.clear()
    await rendered(() =>
      app.queryClient.setQueryData<TopicSnapshots['vm']>(
        liveVm(uuid).queryKey,
        (before) =>
          before && {
            ...before,
            vm: {
              ...before.vm,
              rev: before.vm.rev + 1,
              loadPercent: (before.vm.loadPercent ?? 0) + 1,
              vcpus: before.vm.vcpus.map((vcpu) => (vcpu.id === id ? { ...vcpu, ...change } : vcpu)),
            },
          },
      ),
    )
    return [...renders.keys()].sort()
  }
}

describe('a change of one vCPU', () => {
  it('of its load renders that vCPU and nothing else', async () => {
    const change = await showVm()
    expect(await change(5, { loadPercent: 99 })).toEqual(['vCPU 5'])
    expect(renders.get('vCPU 5')).toBe(1)
    expect(await change(2, { hostCpu: 17 })).toEqual(['vCPU 2'])
  })

  it('of its state renders its socket and what counts the states, and no other vCPU or socket', async () => {
    const change = await showVm()
    const drawn = await change(5, { state: 'guest-offline' })
    expect(drawn.filter((what) => /^(vCPU \d|socket)/.test(what))).toEqual(['socket 2', 'vCPU 5'])
    expect(drawn).not.toContain('history')
  })
})
