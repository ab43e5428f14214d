import type { DrillCase } from '../scene.ts'
import { coreDies } from './core-dies.ts'
import { fourStayDead } from './four-stay-dead.ts'
import { linkFlaps } from './link-flaps.ts'
import { mailServerDown } from './mail-server-down.ts'
import { packetLoss } from './packet-loss.ts'
import { plannedRestart } from './planned-restart.ts'
import { popDies } from './pop-dies.ts'
import { unrelatedHosts } from './unrelated-hosts.ts'
import { uplinkDies } from './uplink-dies.ts'

/**
 * In the order in which they are played. Places that failed a while ago are left in peace, for what fails twice in twenty
 * minutes flaps, and that is a case of its own. The tenth, death in the middle, is each of them once more.
 */
export const cases: readonly DrillCase[] = [
  popDies,
  uplinkDies,
  plannedRestart,
  packetLoss,
  unrelatedHosts,
  fourStayDead,
  mailServerDown,
  linkFlaps,
  coreDies,
]
