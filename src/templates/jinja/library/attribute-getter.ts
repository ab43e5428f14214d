import { isText, plain, Tuple, Undefined, type Value } from '../values/value.ts'
import { getItem } from './access.ts'
import type { Argument, Rendering } from './native.ts'

type Getter = (item: Value) => Value

const partsOf = (path: Value): readonly Value[] =>
  isText(path)
    ? plain(path)
        .split('.')
        .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
    : [path]

/** Texts compare without their case unless that is wanted. */
export const ignoreCase = (value: Value): Value => (isText(value) ? plain(value).toLowerCase() : value)

interface GetterOptions {
  readonly caseSensitive?: boolean
  readonly byDefault?: Argument
}

/** What an attribute path such as `"address.0.name"` finds in an item; without a path, the item itself. */
export const attributeGetter = (
  path: Argument,
  rendering: Rendering,
  { caseSensitive = true, byDefault }: GetterOptions = {},
): Getter => {
  const parts = path === undefined || path === null ? [] : partsOf(path)
  return (item) => {
    rendering.spend(1)
    let found = item
    for (const part of parts) {
      found = getItem(found, part, rendering)
      if (found instanceof Undefined && byDefault !== undefined && byDefault !== null) found = byDefault
    }
    return caseSensitive ? found : ignoreCase(found)
  }
}

/** As `attributeGetter`; several paths with commas between them give a list, compared one after the other. */
export const attributesGetter = (path: Argument, rendering: Rendering, options: GetterOptions): Getter => {
  const paths = path !== undefined && path !== null && isText(path) ? plain(path).split(',') : [path]
  const getters = paths.map((one) => attributeGetter(one, rendering, options))
  return (item) => new Tuple(getters.map((get) => get(item)))
}
