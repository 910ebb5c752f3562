import type { TypedParam } from '@coreshift/libvirt'

export const int = (field: string, value: number): TypedParam => ({ field, type: 1, value })
export const uint = (field: string, value: number): TypedParam => ({ field, type: 2, value })
export const llong = (field: string, value: bigint): TypedParam => ({ field, type: 3, value })
export const ullong = (field: string, value: bigint | number): TypedParam => ({
  field,
  type: 4,
  value: typeof value === 'bigint' ? value : BigInt(Math.round(value)),
})
export const double = (field: string, value: number): TypedParam => ({ field, type: 5, value })
export const text = (field: string, value: string): TypedParam => ({ field, type: 7, value })
