import { runtimeError } from '../syntax/template-error.ts'
import { isEqual } from '../values/compare.ts'
import { tryIterate } from '../values/iterate.ts'
import { Dict, isText, plain, typeName, type Value } from '../values/value.ts'

/** Python's `value in container`. */
export const contains = (container: Value, value: Value): boolean => {
  if (isText(container)) {
    if (isText(value)) return plain(container).includes(plain(value))
    throw runtimeError(
      `in looks for a text in a text, and this is ${typeName(value)}; use |string`,
      `in busca un texto en un texto, y esto es ${typeName(value)}; use |string`,
    )
  }
  if (container instanceof Dict) return container.has(value)
  const items = tryIterate(container)
  if (items === undefined)
    throw runtimeError(
      `in needs a list, a mapping or a text, and this is ${typeName(container)}`,
      `in necesita una lista, un diccionario o un texto, y esto es ${typeName(container)}`,
    )
  for (const item of items) if (isEqual(item, value)) return true
  return false
}
