import { toldBy } from '#core/said.ts'
import type { ConfigSource } from './source.ts'

/** A problem of a value that stands in no file: its dotted path stands in place of the file's name. */
export const plainSource = (value: unknown): ConfigSource => ({
  value,
  problem: (path, message, key, told) => ({
    file: [...path, ...(key === undefined ? [] : [key])].join('.'),
    line: 0,
    column: 0,
    message,
    ...toldBy(told),
  }),
  origin: (path) => path.join('.'),
})
