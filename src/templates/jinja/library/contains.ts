import { runtimeError } from '../syntax/template-error.ts'
import { isEqual } from '../values/compare.ts'
import { tryIterate } from '../values/iterate.ts'
import { toNumber } from '../values/number.ts'
import { Dict, isText, plain, Range, typeName, type Value } from '../values/value.ts'

/** Reckoned, as Python does it: a range may have more numbers than anybody goes through. */
const isInRange = ({ start, step, length }: Range, value: Value): boolean => {
  const place = ((toNumber(value) ?? Number.NaN) - start) / step
  return Number.isInteger(place) && place >= 0 && place < length
}

/** Python's `value in container`. */
export const contains = (container: Value, value: Value): boolean => {
  if (isText(container)) {
    if (isText(value)) return plain(container).includes(plain(value))
    throw runtimeError('text_sought', { type: typeName(value) })
  }
  if (container instanceof Dict) return container.has(value)
  if (container instanceof Range) return isInRange(container, value)
  const items = tryIterate(container)
  if (items === undefined) throw runtimeError('nothing_to_look_in', { type: typeName(container) })
  for (const item of items) if (isEqual(item, value)) return true
  return false
}
