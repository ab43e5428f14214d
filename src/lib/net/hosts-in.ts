import { isObject } from '../json.ts'

/** The servers that options name, without anything of an address that may be secret: `hooks.example`, `mail.example:25`. */
export const hostsIn = (options: unknown): readonly string[] => {
  if (!isObject(options)) return []
  return Object.entries(options).flatMap(([key, value]) => {
    if (typeof value !== 'string') return hostsIn(value)
    if (key === 'host') return [options.port === undefined ? value : `${value}:${options.port}`]
    return /(^|_)url$/.test(key) ? (URL.parse(value)?.host ?? []) : []
  })
}
