import { makeInt, numberOf, toNumber } from '../values/number.ts'
import { Tuple, type Value } from '../values/value.ts'
import type { Native } from './native.ts'

const intOf = (value: Value): bigint => {
  const number = numberOf(value)
  return number && 'int' in number ? BigInt(number.int) : 0n
}
const size = (value: bigint): bigint => (value < 0n ? -value : value)

export const intMethods: Readonly<Record<string, Native>> = {
  as_integer_ratio: { params: '/', run: (value) => new Tuple([makeInt(intOf(value)), 1]) },
  bit_count: { params: '/', run: (value) => size(intOf(value)).toString(2).replaceAll('0', '').length },
  bit_length: { params: '/', run: (value) => (intOf(value) === 0n ? 0 : size(intOf(value)).toString(2).length) },
  conjugate: { params: '/', run: (value) => makeInt(intOf(value)) },
}

export const floatMethods: Readonly<Record<string, Native>> = {
  conjugate: { params: '/', run: (value) => value },
  is_integer: { params: '/', run: (value) => Number.isInteger(toNumber(value)) },
}
