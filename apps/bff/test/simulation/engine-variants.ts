import type { Advance } from '../../src/resize/engine/testing/promises.ts'

/** Wrong engines by name: what the simulation has to find out. Loaded only where they are asked for. */
export async function engineVariants(): Promise<Readonly<Record<string, Advance>>> {
  const [truth, time, ends] = await Promise.all([
    import('../../src/resize/engine/testing/wrong-engines/wrong-about-truth.ts'),
    import('../../src/resize/engine/testing/wrong-engines/wrong-about-time.ts'),
    import('../../src/resize/engine/testing/wrong-engines/wrong-about-ends.ts'),
  ])
  return { ...truth.wrongAboutTruth, ...time.wrongAboutTime, ...ends.wrongAboutEnds }
}

/** @throws when there is no such wrong engine */
export async function engineVariant(name: string): Promise<Advance> {
  const variants = await engineVariants()
  const variant = variants[name]
  if (variant === undefined) {
    throw new Error(`no wrong engine is called "${name}"; there are: ${Object.keys(variants).join(' | ')}`)
  }
  return variant
}
