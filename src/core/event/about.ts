import type { Alert } from '../alert/alert.ts'

/** Monitors keep their ids; what has none gets a number beyond all of theirs. */
const BEYOND_IDS = 2 ** 32
const LOW_20_BITS = 0xf_ffff

/** FNV-1a over the characters of a text, from a start of its own. */
const hashFrom = (start: number, text: string): number => {
  let hash = start
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193)
  return hash >>> 0
}

/**
 * What an alert is about as people read it, over all its episodes and rules: its monitor, else its subject. A whole number,
 * for the outbox keeps the order of messages by it; two subjects that share one by chance wait for each other, no more.
 */
export const aboutOf = ({ monitorId, subject }: Pick<Alert, 'monitorId' | 'subject'>): number =>
  monitorId ?? BEYOND_IDS * (1 + (hashFrom(0x2c1b_3c6d, subject) & LOW_20_BITS)) + hashFrom(0x811c_9dc5, subject)
