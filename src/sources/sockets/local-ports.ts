import { readFileSync } from 'node:fs'
import type { LocalPorts } from '#core/port/port-state.ts'

/** What Linux takes where nobody set anything else. */
const USUAL: LocalPorts = { low: 32_768, high: 60_999 }

/** The ports that connections from this machine take, of this network namespace. */
export const readLocalPorts = (file = '/proc/sys/net/ipv4/ip_local_port_range'): LocalPorts => {
  try {
    const [low = Number.NaN, high = Number.NaN] = readFileSync(file, 'utf8').trim().split(/\s+/).map(Number)
    return low > 0 && high >= low ? { low, high } : USUAL
  } catch {
    return USUAL
  }
}
