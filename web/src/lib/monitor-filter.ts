import type { Monitor } from '../api/types.ts'

const haystacks = new WeakMap<Monitor, string>()

/** What a filter looks in: name, target, type, and `label=value` of each label; made once per monitor. */
export const haystackOf = (monitor: Monitor): string => {
  let text = haystacks.get(monitor)
  if (text === undefined) {
    const labels = Object.entries(monitor.labels).map(([name, value]) => `${name}=${value}`)
    text = [monitor.name, monitor.target, monitor.type, ...labels].join('\n').toLowerCase()
    haystacks.set(monitor, text)
  }
  return text
}

/** True when every word of the filter stands somewhere in the text; `wanted` in small letters. */
export const matches = (haystack: string, wanted: string): boolean =>
  wanted === '' || wanted.split(/\s+/).every((word) => haystack.includes(word))
