import type { ParamOrder, TypedParamType } from './typed-params.ts'

/** More different orders than this are not remembered (a host sends a few dozen); memory stays bounded. */
export const SHAPES_MAX = 16_384

/** Longer names are not remembered: libvirt's are short, and what a stranger sends must not fill the memory. */
export const SHAPE_HEAD_BYTES_MAX = 256

/**
 * One order of parameter names and types: a node in a tree that grows by one name per step.
 * `head` is what announces the last parameter on the wire (length, name, padding, type), so that the decoder
 * recognises the expected next parameter by comparing bytes, without making a string.
 */
export class ParamShape implements ParamOrder {
  readonly parent: ParamShape | null
  readonly name: string
  readonly type: TypedParamType | 0
  readonly head: Uint8Array
  readonly size: number
  /** The step taken last from here; most often also the next one. */
  expected: ParamShape | null = null
  #children: Map<string, ParamShape> | null = null
  #names: readonly string[] | null = null
  #types: readonly TypedParamType[] | null = null
  #index: ReadonlyMap<string, number> | null = null

  constructor(parent: ParamShape | null, name: string, type: TypedParamType | 0, head: Uint8Array) {
    this.parent = parent
    this.name = name
    this.type = type
    this.head = head
    this.size = parent === null ? 0 : parent.size + 1
  }

  get names(): readonly string[] {
    this.#names ??= pathTo(this).map((shape) => shape.name)
    return this.#names
  }

  get types(): readonly TypedParamType[] {
    this.#types ??= pathTo(this).map((shape) => shape.type as TypedParamType)
    return this.#types
  }

  indexOf(name: string): number | undefined {
    this.#index ??= new Map(this.names.map((each, i) => [each, i]))
    return this.#index.get(name)
  }

  childFor(name: string, type: TypedParamType): ParamShape | undefined {
    return this.#children?.get(`${type}${name}`)
  }

  /** A new step from here; `remember` says whether later lists may find it. */
  extend(name: string, type: TypedParamType, head: Uint8Array, remember: boolean): ParamShape {
    const child = new ParamShape(this, name, type, head)
    if (remember) {
      this.#children ??= new Map()
      this.#children.set(`${type}${name}`, child)
      this.expected = child
    }
    return child
  }
}

function pathTo(end: ParamShape): ParamShape[] {
  const path: ParamShape[] = []
  for (let shape = end; shape.parent !== null; shape = shape.parent) path.push(shape)
  return path.reverse()
}

/** The root of a tree of shapes. */
export function emptyShape(): ParamShape {
  return new ParamShape(null, '', 0, new Uint8Array())
}
