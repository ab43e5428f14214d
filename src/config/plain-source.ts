import { toldBy } from '#core/said.ts'
import { problemSaid } from '#templates/said.ts'
import type { ConfigSource } from './source.ts'

/** A problem of a value that stands in no file: its dotted path stands in place of the file's name. */
export const plainSource = (value: unknown): ConfigSource => ({
  value,
  problem: (path, what, key, told) => {
    const { message, ...spanish } = typeof what === 'string' ? { message: what } : problemSaid(what)
    return {
      file: [...path, ...(key === undefined ? [] : [key])].join('.'),
      line: 0,
      column: 0,
      message,
      ...(told === undefined ? spanish : toldBy(told)),
    }
  },
  origin: (path) => path.join('.'),
})
