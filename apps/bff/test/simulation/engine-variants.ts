import type { Advance } from '../../src/resize/engine/testing/promises.ts'

/** Wrong engines by name. */
export const VARIANTS: Readonly<Record<string, Advance>> = {}
