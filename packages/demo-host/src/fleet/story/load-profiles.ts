import type { LoadProfile } from '../../guest/guest-profile.ts'

export const idle: LoadProfile = { base: 0.04, swing: 0.04, periodMs: 140_000 }
export const steady: LoadProfile = { base: 0.35, swing: 0.12, periodMs: 110_000 }
export const wavy: LoadProfile = { base: 0.5, swing: 0.45, periodMs: 70_000 }
export const busy: LoadProfile = { base: 0.86, swing: 0.14, periodMs: 45_000 }
