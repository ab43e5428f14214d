import { because, type Cause } from '#core/cause/cause.ts'
import type { ValueFault } from '#core/value-fault.ts'
import { rightName } from './right-name.ts'

interface Falling {
  readonly name: string
  readonly fallback?: { readonly to: string } | undefined
}

/**
 * What is wrong with where a channel's messages go instead, among all the channels there are, and what would be right. Two
 * may stand in for each other: a copy goes no further than one channel.
 */
export const fallbackProblem = ({ name, fallback }: Falling, channels: readonly Falling[]): Cause | undefined => {
  if (!fallback) return undefined
  const { to } = fallback
  if (to === name) return because('config_fallback_own', { name })
  const byName = new Map(channels.map((one) => [one.name, one]))
  if (!byName.has(to)) {
    const others = [...byName.keys()].filter((one) => one !== name)
    return because('config_fallback_unknown', { name: to, right: rightName(to, others, because('make_channel_first')) })
  }
  return undefined
}

/** The same by code, of one that is wrong. */
export const fallbackFault = ({ name, fallback }: Falling): ValueFault =>
  fallback === undefined || fallback.to === name
    ? { code: 'own_fallback', facts: {} }
    : { code: 'no_channel', facts: { name: fallback.to } }
