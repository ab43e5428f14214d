import type { Cause } from '#core/cause/cause.ts'
import { because } from '#core/cause/cause.ts'
import { FEATURE_NAMES, type FeatureName } from './flow-features.ts'
import { OUTCOME, PORT } from './flow-shape.ts'
import { contributionsOf, type Forest } from './forest.ts'

const MOST_REASONS = 3

/** A count that was taken as a logarithm, back as people count. */
const counted = (value: number): number => Math.round(Math.expm1(value))
const percent = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 100)

const OUTCOMES: Readonly<Record<number, Cause>> = {
  [OUTCOME.answered]: because('flow_answered'),
  [OUTCOME.silent]: because('flow_unanswered'),
  [OUTCOME.refused]: because('flow_refused'),
  [OUTCOME.reset]: because('flow_reset'),
  [OUTCOME.midstream]: because('flow_midstream'),
}

const sizes = (row: Float32Array): Cause =>
  because('flow_bytes', { sent: counted(row[1]!), received: counted(row[2]!) })
const packets = (row: Float32Array): Cause =>
  because('flow_packets', { sent: counted(row[3]!), received: counted(row[4]!) })

/** What a feature says in words; features that say the same share a sentence, which then stands once. */
const SAY: Readonly<Record<FeatureName, (row: Float32Array) => Cause>> = {
  duration: (row) => because('flow_duration', { seconds: Math.round(Math.expm1(row[0]!) * 10) / 10 }),
  sent_bytes: sizes,
  received_bytes: sizes,
  balance: sizes,
  sent_packets: packets,
  received_packets: packets,
  sent_per_packet: (row) => because('flow_packet_size', { bytes: Math.round(row[5]!) }),
  protocol: (row) => OUTCOMES[row[8]!]!,
  outcome: (row) => OUTCOMES[row[8]!]!,
  history: (row) => OUTCOMES[row[8]!]!,
  service: (row) => (row[9] === 0 ? because('flow_no_protocol') : because('flow_protocol')),
  port: (row) =>
    row[10] === PORT.login
      ? because('flow_login_port')
      : row[10] === PORT.registered || row[10] === PORT.high || row[10] === PORT.system
        ? because('flow_odd_port')
        : because('flow_usual_port'),
  host_rate: (row) => because('flow_host_rate', { count: counted(row[12]!) }),
  host_failed: (row) => because('flow_host_failed', { percent: percent(row[13]!) }),
  host_new_peers: (row) => because('flow_new_peers', { count: counted(row[14]!) }),
  host_new_ports: (row) => because('flow_new_ports', { count: counted(row[15]!) }),
  port_new_peers: (row) => because('flow_peers_of_port', { count: counted(row[16]!) }),
  port_failed: (row) => because('flow_port_failed', { percent: percent(row[17]!) }),
  pair_rate: (row) => because('flow_pair_rate', { count: counted(row[18]!) }),
  pair_ports: (row) => because('flow_pair_ports', { count: Math.round(row[19]!) }),
  pair_failed: (row) => because('flow_pair_failed', { percent: percent(row[20]!) }),
  pair_unevenness: (row) =>
    row[21]! < 0 ? because('flow_no_rhythm_yet') : because('flow_rhythm', { percent: percent(row[21]!) }),
  pair_size_spread: (row) =>
    row[22]! < 0 ? because('flow_no_rhythm_yet') : because('flow_alike', { percent: percent(row[22]!) }),
}

/** The strongest reasons for a suspicion, strongest first: what added most to the score on the way through the trees. */
export const reasonsOf = (forest: Forest, row: Float32Array): readonly Cause[] => {
  const added = contributionsOf(forest, row, FEATURE_NAMES.length)
  const bySentence = new Map<string, { readonly cause: Cause; weight: number }>()
  for (const [index, name] of FEATURE_NAMES.entries()) {
    const cause = SAY[name](row)
    const known = bySentence.get(cause.code)
    if (known) known.weight += added[index]!
    else bySentence.set(cause.code, { cause, weight: added[index]! })
  }
  return [...bySentence.values()]
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, MOST_REASONS)
    .map(({ cause }) => cause)
}
