/**
 * What the classifier looks at. A set of features has a number: a model knows the set that it was trained on, and is
 * refused by code that computes another. `trend` holds the trees to what is known beforehand: +1 where more of it may
 * only raise the suspicion, -1 where it may only lower it, 0 where either may be.
 */
export const FEATURE_SET = 1

interface Feature {
  readonly name: string
  readonly trend: -1 | 0 | 1
}

const FEATURES = [
  { name: 'duration', trend: 0 },
  { name: 'sent_bytes', trend: 0 },
  { name: 'received_bytes', trend: 0 },
  { name: 'sent_packets', trend: 0 },
  { name: 'received_packets', trend: 0 },
  { name: 'sent_per_packet', trend: 0 },
  { name: 'balance', trend: 0 },
  { name: 'protocol', trend: 0 },
  { name: 'outcome', trend: 0 },
  { name: 'service', trend: 0 },
  { name: 'port', trend: 0 },
  { name: 'history', trend: 0 },
  { name: 'host_rate', trend: 1 },
  { name: 'host_failed', trend: 1 },
  { name: 'host_new_peers', trend: 1 },
  { name: 'host_new_ports', trend: 1 },
  { name: 'port_new_peers', trend: 1 },
  { name: 'port_failed', trend: 1 },
  { name: 'pair_rate', trend: 1 },
  { name: 'pair_ports', trend: 1 },
  { name: 'pair_failed', trend: 1 },
  { name: 'pair_unevenness', trend: 0 },
  { name: 'pair_size_spread', trend: 0 },
] as const satisfies readonly Feature[]

export type FeatureName = (typeof FEATURES)[number]['name']

export const FEATURE_NAMES: readonly FeatureName[] = FEATURES.map(({ name }) => name)
export const FEATURE_TRENDS: Int8Array = Int8Array.from(FEATURES, ({ trend }) => trend)
export const FEATURE_COUNT = FEATURES.length
