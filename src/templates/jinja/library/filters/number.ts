import { runtimeError } from '../../syntax/template-error.ts'
import {
  fixed,
  isFloat,
  makeFloat,
  makeInt,
  negate,
  numberOf,
  parseFloatText,
  parseIntText,
  roundFloat,
  toNumber,
} from '../../values/number.ts'
import { isText, plain, typeName, Undefined, type Value } from '../../values/value.ts'
import { flag, text, wholeNumber } from '../arguments.ts'
import type { Native } from '../native.ts'

const needsNumber = (name: string, value: Value) =>
  value instanceof Undefined
    ? runtimeError('number_missing', { name: value.name, called: name })
    : runtimeError('number_needed', { called: name, type: typeName(value) })

const truncated = (value: number): Value => {
  if (Number.isNaN(value)) return new Undefined('nan')
  if (!Number.isFinite(value)) throw runtimeError('infinity_not_whole')
  return makeInt(BigInt(Math.trunc(value)))
}

const int: Native['run'] = (value, [byDefault = 0, base]) => {
  if (value instanceof Undefined) throw needsNumber('int', value)
  const number = numberOf(value)
  if (number && 'int' in number) return number.int
  if (!number && !isText(value)) return byDefault
  const whole = isText(value) ? parseIntText(plain(value), wholeNumber(base, 10)) : undefined
  if (whole !== undefined) return whole
  const float = isText(value) ? parseFloatText(plain(value)) : toNumber(value)
  const result = float === undefined ? byDefault : truncated(float)
  return result instanceof Undefined ? byDefault : result
}

const float: Native['run'] = (value, [byDefault]) => {
  if (value instanceof Undefined) throw needsNumber('float', value)
  const number = isText(value) ? parseFloatText(plain(value)) : toNumber(value)
  return number === undefined ? (byDefault === undefined ? makeFloat(0) : byDefault) : makeFloat(number)
}

const round: Native['run'] = (value, [precision, method]) => {
  const digits = wholeNumber(precision, 0)
  const how = text(method, 'common')
  const number = numberOf(value)
  if (!['common', 'ceil', 'floor'].includes(how)) throw runtimeError('rounding_unknown', { rounding: how })
  if (!number) throw needsNumber('round', value)
  const plainNumber = toNumber(value)!
  if (how !== 'common') {
    const unit = 10 ** digits
    return makeFloat((how === 'ceil' ? Math.ceil : Math.floor)(plainNumber * unit) / unit)
  }
  if (isFloat(value)) return makeFloat(roundFloat(plainNumber, digits))
  return digits >= 0 ? (numberOf(value) as { int: number }).int : makeInt(BigInt(roundFloat(plainNumber, digits)))
}

const UNITS = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y']
const fileSize: Native['run'] = (value, [binary]) => {
  const bytes = isText(value) ? parseFloatText(plain(value)) : toNumber(value)
  if (bytes === undefined) throw needsNumber('filesizeformat', value)
  const two = flag(binary)
  const base = two ? 1024 : 1000
  if (bytes === 1) return '1 Byte'
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`
  const step = UNITS.findIndex((_, index) => bytes < base ** (index + 2))
  const unit = step < 0 ? UNITS.length - 1 : step
  const letter = two ? UNITS[unit]!.toUpperCase() : UNITS[unit]
  return `${fixed((base * bytes) / base ** (unit + 2), 1)} ${letter}${two ? 'iB' : 'B'}`
}

const abs: Native['run'] = (value) => {
  const number = toNumber(value)
  if (number === undefined) throw needsNumber('abs', value)
  if (typeof value === 'boolean') return Number(value)
  return number < 0 || Object.is(number, -0) ? negate(value)! : value
}

export const numberFilters: Readonly<Record<string, Native>> = {
  abs: { params: '/', run: abs },
  filesizeformat: { params: 'binary?', run: fileSize },
  float: { params: 'default?', run: float },
  int: { params: 'default? base?', run: int },
  round: { params: 'precision? method?', run: round },
}
