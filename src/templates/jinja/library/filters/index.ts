import { isTrue } from '../../values/iterate.ts'
import { Dict, Undefined } from '../../values/value.ts'
import { getAttribute } from '../access.ts'
import { text } from '../arguments.ts'
import type { Native } from '../native.ts'
import { htmlFilters } from './html.ts'
import { listFilters, seriesFilters } from './list.ts'
import { numberFilters } from './number.ts'
import { ownFilters } from './own.ts'
import { textFilters } from './text.ts'

const byDefault: Native = {
  params: 'default_value? boolean?',
  run: (value, [otherwise = '', boolean]) =>
    value instanceof Undefined || (boolean !== undefined && isTrue(boolean) && !isTrue(value)) ? otherwise : value,
}

const attr: Native = {
  params: 'name',
  run: (value, [name], rendering) => {
    const found = getAttribute(value, text(name), rendering)
    // An item of a mapping is no attribute.
    return value instanceof Dict && value.get(text(name)) === found ? new Undefined(text(name)) : found
  },
}

export const filters: ReadonlyMap<string, Native> = new Map(
  Object.entries({
    ...textFilters,
    ...numberFilters,
    ...listFilters,
    ...seriesFilters,
    ...htmlFilters,
    ...ownFilters,
    attr,
    d: byDefault,
    default: byDefault,
    e: htmlFilters.escape!,
  }),
)

/** Filters that give a series, which is no text yet. */
export const SERIES: ReadonlySet<string> = new Set([
  ...Object.keys(seriesFilters),
  ...['batch', 'items', 'slice', 'unique'],
])
