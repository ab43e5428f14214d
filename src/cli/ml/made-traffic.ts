import type { ConnRecord } from '#core/event/zeek-record.ts'
import { createSeeded } from '#detectors/flow/grow-forest.ts'
import { ATTACKS } from './made-attacks.ts'
import { BENIGN, type World } from './made-benign.ts'
import { type Dice, diceOf, type MadeConn } from './made-kinds.ts'

const EPOCH_S = 1_700_000_000

const worldOf = (dice: Dice): World => {
  const net = dice.whole(0, 255)
  const address = () => `10.${net}.${dice.whole(0, 3)}.${dice.whole(1, 250)}`
  const hosts = Array.from({ length: dice.whole(2, 8) }, address)
  return {
    seconds: dice.scale(600, 86_400),
    // Machines do several things; one that is a bot still asks for the time.
    insider: () => (dice.chance(0.7) ? dice.pick(hosts) : address()),
    outsider: () =>
      `${dice.pick([45, 62, 91, 104, 142, 185, 203])}.${dice.whole(0, 255)}.${dice.whole(0, 255)}.${dice.whole(1, 254)}`,
  }
}

const recordOf = ({ at, malicious: _, ...made }: MadeConn, index: number): ConnRecord => {
  const timeMs = Math.round((EPOCH_S + at) * 1000)
  return {
    source: 'zeek',
    kind: 'conn',
    uid: `Cmade${index}`,
    timeMs,
    endMs: timeMs + (made.durationMs ?? 0),
    clientPort: 40_000,
    proto: 'tcp',
    service: undefined,
    durationMs: 0,
    clientBytes: 0,
    serverBytes: 0,
    clientIpBytes: 0,
    state: 'SF',
    history: undefined,
    clientPackets: 0,
    serverPackets: 0,
    clientLocal: undefined,
    serverLocal: undefined,
    ...made,
  }
}

/** Small networks that never were, each with ordinary machines and a few attacks. The same seed makes the same. */
export const makeTraffic = (seed: number): { readonly conn: ConnRecord; readonly malicious: boolean }[] => {
  const dice = diceOf(createSeeded(seed))
  const world = worldOf(dice)
  const behaviours = [
    ...Array.from({ length: dice.whole(4, 9) }, () => dice.pick(BENIGN)),
    ...Array.from({ length: dice.whole(1, 3) }, () => dice.pick(ATTACKS)),
  ]
  return behaviours
    .flatMap((behave) => behave(dice, world))
    .toSorted((a, b) => a.at + (a.durationMs ?? 0) / 1000 - (b.at + (b.durationMs ?? 0) / 1000))
    .map((made, index) => ({ conn: recordOf(made, index), malicious: made.malicious }))
}
