import type { DemoHostChange } from '@coreshift/shared/contract'

/** Words for what the server offers; a word that is not in here is shown as it comes. */
export const demo = {
  title: 'Behind the scenes of the demo',
  what: 'the simulated guest',
  intro: 'This guest is simulated. Make it misbehave, then resize it and see what is shown.',
  behaviour: 'When it is asked to give a vCPU back, this guest',
  behaviours: {
    prompt: 'lets it go at once',
    slow: 'takes some seconds',
    loaded: 'takes longer the busier it is',
    refuses: 'refuses',
    'never-answers': 'never answers',
    'drops-completion': 'lets it go, but nobody is told',
    'completes-late': 'lets it go long after everybody stopped waiting',
    'leaves-added-offline': 'lets it go, and leaves added vCPUs offline',
    crashes: 'crashes',
    reboots: 'reboots in the middle',
  } as Readonly<Record<string, string>>,
  agent: 'Guest agent',
  agents: { absent: 'not installed', present: 'answers', hanging: 'hangs' } as Readonly<
    Record<string, string>
  >,
  now: 'Now',
  actions: {
    crash: 'Crash the guest',
    reboot: 'Reboot the guest',
    'power-off': 'Power off from inside',
    'kill-qemu': 'Kill QEMU',
  } as Readonly<Record<string, string>>,
  asked: 'Removals that the guest has not answered',
  letGo: (vcpu: number) => `Let vCPU ${vcpu} go`,
  refuse: (vcpu: number) => `Refuse vCPU ${vcpu}`,
  host: (name: string) => `Its host ${name}`,
  hostActs: {
    'cut-connections': 'Cut the connections',
    'stop-daemon': 'Stop libvirt',
    'start-daemon': 'Start libvirt',
  } satisfies Record<DemoHostChange['act'], string>,
}
