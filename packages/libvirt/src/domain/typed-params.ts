import { XdrError } from '../xdr/xdr-error.ts'

/** Value types of libvirt's typed parameters (virTypedParameterType). */
export const TypedParamType = {
  INT: 1,
  UINT: 2,
  LLONG: 3,
  ULLONG: 4,
  DOUBLE: 5,
  BOOLEAN: 6,
  STRING: 7,
} as const
export type TypedParamType = (typeof TypedParamType)[keyof typeof TypedParamType]

/** One named value with its type, as sent. */
export type TypedParam =
  | { readonly field: string; readonly type: 1 | 2 | 5; readonly value: number }
  | { readonly field: string; readonly type: 3 | 4; readonly value: bigint }
  | { readonly field: string; readonly type: 6; readonly value: boolean }
  | { readonly field: string; readonly type: 7; readonly value: string }

export type TypedParamValue = number | bigint | boolean | string

/** Names and types of a list, in its order; many lists share one. */
export interface ParamOrder {
  readonly names: readonly string[]
  readonly types: readonly TypedParamType[]
  /** Where the name stands; of a name that occurs twice, the last place. */
  indexOf(name: string): number | undefined
}

/** The order of a list that was made here. */
class GivenOrder implements ParamOrder {
  readonly names: readonly string[]
  readonly types: readonly TypedParamType[]
  #index: ReadonlyMap<string, number> | null = null

  constructor(params: readonly TypedParam[]) {
    this.names = params.map(({ field }) => field)
    this.types = params.map(({ type }) => type)
  }

  indexOf(name: string): number | undefined {
    this.#index ??= new Map(this.names.map((each, i) => [each, i]))
    return this.#index.get(name)
  }
}

/**
 * A list of typed parameters that reads like a Map of name to value.
 * Thousands of domains send the same names in the same order: names and types are stored once per order and
 * only the values per domain. A name that occurs twice keeps both in the iteration; `get` returns the last.
 */
export class TypedParams implements ReadonlyMap<string, TypedParamValue> {
  readonly order: ParamOrder
  readonly #values: readonly TypedParamValue[]

  /** For the codec; others use `TypedParams.of`. */
  constructor(order: ParamOrder, values: readonly TypedParamValue[]) {
    this.order = order
    this.#values = values
  }

  /** Builds a list to send, in the given order. */
  static of(params: Iterable<TypedParam> = []): TypedParams {
    const all = [...params]
    return new TypedParams(
      new GivenOrder(all),
      all.map(({ value }) => value),
    )
  }

  get size(): number {
    return this.#values.length
  }

  get(name: string): TypedParamValue | undefined {
    const index = this.order.indexOf(name)
    return index === undefined ? undefined : this.#values[index]
  }

  has(name: string): boolean {
    return this.order.indexOf(name) !== undefined
  }

  /** The value of an INT, UINT or DOUBLE; `undefined` when absent. Throws XdrError when it has another type. */
  number(name: string): number | undefined {
    const value = this.get(name)
    if (value === undefined || typeof value === 'number') return value
    throw new XdrError(`${name} is a ${typeof value}, not a number`)
  }

  /** The value of a LLONG or ULLONG; `undefined` when absent. Throws XdrError when it has another type. */
  bigint(name: string): bigint | undefined {
    const value = this.get(name)
    if (value === undefined || typeof value === 'bigint') return value
    throw new XdrError(`${name} is a ${typeof value}, not a bigint`)
  }

  /** The value of a STRING; `undefined` when absent. Throws XdrError when it has another type. */
  string(name: string): string | undefined {
    const value = this.get(name)
    if (value === undefined || typeof value === 'string') return value
    throw new XdrError(`${name} is a ${typeof value}, not a string`)
  }

  typeOf(name: string): TypedParamType | undefined {
    const index = this.order.indexOf(name)
    return index === undefined ? undefined : this.order.types[index]
  }

  /** The parameters as sent, each with its type. */
  *params(): Generator<TypedParam> {
    const { names, types } = this.order
    for (let i = 0; i < names.length; i++) {
      // Value and type were decoded or given together.
      yield { field: names[i], type: types[i], value: this.#values[i] } as TypedParam
    }
  }

  *entries(): Generator<[string, TypedParamValue], undefined, unknown> {
    const { names } = this.order
    for (let i = 0; i < names.length; i++) yield [names[i] ?? '', this.#values[i] ?? '']
  }

  keys(): ArrayIterator<string> {
    return this.order.names.values()
  }

  values(): ArrayIterator<TypedParamValue> {
    return this.#values.values()
  }

  [Symbol.iterator](): Generator<[string, TypedParamValue], undefined, unknown> {
    return this.entries()
  }

  forEach(
    visit: (value: TypedParamValue, name: string, map: ReadonlyMap<string, TypedParamValue>) => void,
  ): void {
    for (const [name, value] of this.entries()) visit(value, name, this)
  }

  /** A plain object, for logs and tests. */
  toObject(): Record<string, TypedParamValue> {
    return Object.fromEntries(this.entries())
  }

  toJSON(): Record<string, string | number | boolean> {
    return Object.fromEntries(
      Array.from(this.entries(), ([name, value]) => [
        name,
        typeof value === 'bigint' ? String(value) : value,
      ]),
    )
  }
}
