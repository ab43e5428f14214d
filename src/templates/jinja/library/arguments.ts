import { runtimeError, tooLarge } from '../syntax/template-error.ts'
import { isTrue } from '../values/iterate.ts'
import { numberOf } from '../values/number.ts'
import { LONGEST_TEXT } from '../values/text.ts'
import { isText, plain, typeName, type Value } from '../values/value.ts'
import type { Argument } from './native.ts'

/** An argument as a whole number. */
export const wholeNumber = (value: Argument, byDefault: number): number => {
  if (value === undefined) return byDefault
  const number = numberOf(value)
  if (!number || !('int' in number)) throw runtimeError('whole_number_needed', { type: typeName(value) })
  return Number(number.int)
}

/** A width or a count that makes text. */
export const width = (value: Argument, byDefault: number): number => {
  const wide = wholeNumber(value, byDefault)
  if (wide > LONGEST_TEXT) throw tooLarge()
  return wide
}

/** An argument as a text; without a default it must be given. */
export const text = (value: Argument, byDefault?: string): string => {
  if (value === undefined && byDefault !== undefined) return byDefault
  if (value === undefined || !isText(value)) throw runtimeError('text_needed', { type: typeName(value ?? null) })
  return plain(value)
}

/** An argument as yes or no; one that was not given is no. */
export const flag = (value: Argument): boolean => value !== undefined && isTrue(value)

/** An argument as a value; one that was not given is `None`. */
export const givenValue = (value: Argument): Value => (value === undefined ? null : value)
