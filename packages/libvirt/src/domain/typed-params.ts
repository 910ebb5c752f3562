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

const EXACT = BigInt(Number.MAX_SAFE_INTEGER)

/**
 * The values of one list. Numbers lie in one array of plain doubles, those of 64 bits too as long as a double holds them
 * exactly: 1,000 domains send some 70,000 of these, and an object for each would cost more than all of the decoding.
 * What does not fit, and texts, lie beside it by position.
 */
export class ParamStore {
  readonly numbers: number[] = []
  #others: Map<number, bigint | string> | null = null

  put(index: number, value: TypedParamValue): void {
    if (typeof value === 'number') this.numbers[index] = value
    else if (typeof value === 'boolean') this.numbers[index] = value ? 1 : 0
    else if (typeof value === 'bigint' && value >= -EXACT && value <= EXACT)
      this.numbers[index] = Number(value)
    else {
      this.numbers[index] = 0
      this.#others ??= new Map()
      this.#others.set(index, value)
    }
  }

  read(index: number, type: TypedParamType): TypedParamValue {
    const other = this.#others?.get(index)
    if (other !== undefined) return other
    const number = this.numbers[index] ?? 0
    if (type === TypedParamType.LLONG || type === TypedParamType.ULLONG) return BigInt(number)
    return type === TypedParamType.BOOLEAN ? number === 1 : number
  }
}

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
  readonly #store: ParamStore

  /** @internal For the codec; others use `TypedParams.of`. */
  constructor(order: ParamOrder, store: ParamStore) {
    this.order = order
    this.#store = store
  }

  /** Builds a list to send, in the given order. */
  static of(params: Iterable<TypedParam> = []): TypedParams {
    const all = [...params]
    const store = new ParamStore()
    all.forEach(({ value }, i) => store.put(i, value))
    return new TypedParams(new GivenOrder(all), store)
  }

  get size(): number {
    return this.order.names.length
  }

  get(name: string): TypedParamValue | undefined {
    const index = this.order.indexOf(name)
    return index === undefined ? undefined : this.#at(index)
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
      yield { field: names[i], type: types[i], value: this.#at(i) } as TypedParam
    }
  }

  *entries(): Generator<[string, TypedParamValue], undefined, unknown> {
    const { names } = this.order
    for (let i = 0; i < names.length; i++) yield [names[i] ?? '', this.#at(i)]
  }

  keys(): ArrayIterator<string> {
    return this.order.names.values()
  }

  *values(): Generator<TypedParamValue, undefined, unknown> {
    for (let i = 0; i < this.size; i++) yield this.#at(i)
  }

  #at(index: number): TypedParamValue {
    return this.#store.read(index, this.order.types[index] ?? TypedParamType.INT)
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
