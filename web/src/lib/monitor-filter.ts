import type { Monitor } from '../api/types.ts'
import { fold } from './fold.ts'

const haystacks = new WeakMap<Monitor, string>()

/** What a filter looks in: name, target, type, place, description, and `label=value` of each label; made once per monitor. */
export const haystackOf = (monitor: Monitor): string => {
  let text = haystacks.get(monitor)
  if (text === undefined) {
    const labels = Object.entries(monitor.labels).map(([name, value]) => `${name}=${value}`)
    const { name, target, type, location = '', description = '' } = monitor
    text = fold([name, target, type, location, description, ...labels].join('\n'))
    haystacks.set(monitor, text)
  }
  return text
}

/** True when every word of the filter stands somewhere in the text; `wanted` folded. */
export const matches = (haystack: string, wanted: string): boolean =>
  wanted === '' || wanted.split(/\s+/).every((word) => haystack.includes(word))

const AT_ONCE = 500

/** Makes the texts that a filter looks in while nothing else is to do: the first key finds them there. */
export const prepareInIdleTime = (monitors: readonly Monitor[]): (() => void) => {
  let done = 0
  let handle = 0
  // Safari has no idle callbacks; a timer does.
  const idle = globalThis.requestIdleCallback ?? ((work: () => void) => window.setTimeout(work, 50))
  const cancel = globalThis.cancelIdleCallback ?? clearTimeout
  const work = () => {
    for (const monitor of monitors.slice(done, done + AT_ONCE)) haystackOf(monitor)
    done += AT_ONCE
    if (done < monitors.length) handle = idle(work)
  }
  handle = idle(work)
  return () => cancel(handle)
}
