import type { ConfigSource } from './source.ts'

/** A problem of a value that stands in no file: its dotted path stands in place of the file's name. */
export const plainSource = (value: unknown): ConfigSource => ({
  value,
  problem: (path, message, key, fault) => ({
    file: [...path, ...(key === undefined ? [] : [key])].join('.'),
    line: 0,
    column: 0,
    message,
    ...(fault && { fault }),
  }),
  origin: (path) => path.join('.'),
})
