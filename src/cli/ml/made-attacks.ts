import type { Behaviour } from './made-benign.ts'
import { rhythm } from './made-benign.ts'
import { type Dice, type MadeConn, refused, type Talk, talk, unanswered } from './made-kinds.ts'

/** Attacks as handbooks describe them, with everything that their descriptions leave open drawn by chance. */

const DOORS = [23, 23, 2323, 22, 445, 3389, 5555, 80, 81, 8080, 8081, 37_215, 52_869, 60_001, 7547, 1433, 6379, 9530]

const knock = (dice: Dice, open: number, shut: number): Talk =>
  dice.chance(open)
    ? talk('tcp', dice.scale(10, 400), dice.scale(10, 600), dice.scale(0.05, 10), {
        state: dice.pick(['SF', 'RSTO', 'S1']),
      })
    : dice.chance(shut)
      ? refused()
      : unanswered('tcp', dice.pick([1, 1, 1, 2, 3]))

const from = (dice: Dice, seconds: number, count: number, perSecond: number) => {
  const begin = dice.between(0, seconds * 0.7)
  return (index: number) => begin + (index + dice.next()) / perSecond + 0 * count
}

/** Doors of one kind, at one stranger after another. */
const sweep: Behaviour = (dice, { seconds, insider, outsider }) => {
  const clientIp = dice.chance(0.8) ? insider() : outsider()
  const inside = dice.chance(0.2)
  const ports = Array.from({ length: dice.whole(1, 3) }, () =>
    dice.chance(0.75) ? dice.pick(DOORS) : dice.whole(1, 65_535),
  )
  const count = dice.whole(60, 500)
  const at = from(dice, seconds, count, dice.scale(0.3, 200))
  const open = dice.between(0, 0.08)
  const shut = dice.between(0, 0.4)
  return Array.from(
    { length: count },
    (_, index): MadeConn => ({
      at: at(index),
      clientIp,
      serverIp: inside ? insider() : outsider(),
      serverPort: dice.pick(ports),
      malicious: true,
      ...knock(dice, open, shut),
    }),
  )
}

/** All doors of one machine. */
const doors: Behaviour = (dice, { seconds, insider, outsider }) => {
  const clientIp = dice.chance(0.5) ? insider() : outsider()
  const serverIp = dice.chance(0.7) ? insider() : outsider()
  const count = dice.whole(40, 400)
  const at = from(dice, seconds, count, dice.scale(0.3, 300))
  const shut = dice.between(0, 1)
  const proto = dice.chance(0.15) ? 'udp' : 'tcp'
  return Array.from({ length: count }, (_, index) => ({
    at: at(index),
    clientIp,
    serverIp,
    serverPort: dice.whole(1, dice.pick([1024, 10_000, 65_535])),
    malicious: true,
    ...(proto === 'udp' ? unanswered('udp', 1, dice.whole(0, 40)) : knock(dice, 0.04, shut)),
  }))
}

/** Strangers who each knock at a few doors of a machine that the whole world reaches. */
const noise: Behaviour = (dice, { seconds, insider, outsider }) => {
  const serverIp = insider()
  return Array.from({ length: dice.whole(20, 100) }, outsider).flatMap((clientIp) =>
    Array.from({ length: dice.whole(1, 6) }, () => ({
      at: dice.between(0, seconds),
      clientIp,
      serverIp,
      serverPort: dice.chance(0.6) ? dice.pick(DOORS) : dice.whole(1, 65_535),
      malicious: true,
      ...(dice.chance(0.12) ? unanswered('udp', 1, dice.whole(1, 60)) : knock(dice, 0.03, 0.15)),
    })),
  )
}

/** As much as can be sent, at one machine. */
const flood: Behaviour = (dice, { seconds, insider, outsider }) => {
  const clientIp = insider()
  const serverIp = outsider()
  const port = dice.pick([80, 443, 53, 22, 123, dice.whole(1, 65_535)])
  const scattered = dice.chance(0.3)
  const way = dice.pick(['syn', 'midstream', 'midstream', 'udp', 'udp', 'http', 'shut'] as const)
  const count = dice.whole(100, 600)
  const at = from(dice, seconds, count, dice.scale(3, 500))
  const size = dice.scale(1, 1400)
  const packets = dice.scale(1, 2000)
  const one = (): Talk => {
    const some = Math.max(1, Math.round(packets * dice.scale(0.5, 2)))
    if (way === 'syn') return unanswered('tcp', dice.whole(1, 2))
    if (way === 'shut') return refused()
    if (way === 'http')
      return talk('tcp', dice.scale(100, 600), dice.scale(1, 2000), dice.scale(0.05, 5), {
        state: dice.pick(['SF', 'RSTR', 'S1', 'S3']),
        service: dice.chance(0.5) ? 'http' : undefined,
      })
    const lasts = some > 1 ? dice.scale(0.001, 30) : 0
    if (way === 'udp')
      return talk('udp', some * size, 0, lasts, {
        state: 'S0',
        history: 'D',
        clientPackets: some,
        clientIpBytes: Math.round(some * (size + 28)),
        serverPackets: 0,
      })
    const empty = dice.chance(0.6)
    return talk('tcp', 0, 0, lasts, {
      state: 'OTH',
      history: dice.pick(['A', 'DA', 'C', 'H', 'R', 'F', 'D']),
      clientBytes: empty ? 0 : Math.round(some * size),
      clientPackets: empty && dice.chance(0.5) ? 0 : some,
      clientIpBytes: empty && dice.chance(0.5) ? 0 : Math.round(some * (40 + (empty ? 0 : size))),
      serverPackets: 0,
    })
  }
  return Array.from({ length: count }, (_, index) => ({
    at: at(index),
    clientIp,
    serverIp,
    serverPort: scattered ? dice.whole(1, 65_535) : port,
    malicious: true,
    ...one(),
  }))
}

/** A program that reports to its owner: small, alike, in a rhythm; or calls an owner that is gone. */
const report: Behaviour = (dice, { seconds, insider, outsider }) => {
  const clientIp = insider()
  const serverIp = outsider()
  const serverPort = dice.chance(0.75)
    ? dice.whole(1025, 65_535)
    : dice.pick([80, 443, 8080, 8443, 443, 8443, 23, 22, 53])
  const gone = dice.chance(0.35) ? 1 : dice.chance(0.3) ? dice.between(0.1, 0.9) : 0
  const state = dice.pick(['SF', 'S3', 'S1', 'RSTR', 'RSTO', 'S2'] as const)
  const sent = dice.scale(1, 800)
  const received = sent * dice.scale(0.2, 4)
  const lasts = dice.scale(0.05, 60)
  const tries = dice.whole(1, 6)
  return rhythm(dice, dice.between(0, seconds / 4), seconds, dice.scale(0.3, 300), dice.between(0, 1)).map((at) => ({
    at,
    clientIp,
    serverIp,
    serverPort,
    malicious: true,
    ...(dice.chance(gone)
      ? unanswered('tcp', tries)
      : talk('tcp', sent * dice.between(0.9, 1.1), received * dice.between(0.9, 1.2), lasts * dice.scale(0.5, 2), {
          state,
        })),
  }))
}

/** Passwords tried one after the other. */
const guessing: Behaviour = (dice, { seconds, insider, outsider }) => {
  const clientIp = dice.chance(0.6) ? outsider() : insider()
  const targets = Array.from({ length: dice.whole(1, 8) }, () => (dice.chance(0.7) ? insider() : outsider()))
  const port = dice.pick([22, 22, 23, 3389, 21, 445, 5900, 1433])
  const count = dice.whole(60, 400)
  const at = from(dice, seconds, count, dice.scale(0.2, 20))
  return Array.from({ length: count }, (_, index) => ({
    at: at(index),
    clientIp,
    serverIp: dice.pick(targets),
    serverPort: port,
    malicious: true,
    ...(dice.chance(0.1)
      ? unanswered('tcp', 1)
      : talk('tcp', dice.scale(200, 2500), dice.scale(300, 3500), dice.scale(0.3, 8), {
          state: dice.pick(['SF', 'RSTO', 'RSTR', 'S1']),
          service: port === 22 && dice.chance(0.8) ? 'ssh' : undefined,
        })),
  }))
}

export const ATTACKS: readonly Behaviour[] = [sweep, sweep, doors, noise, flood, flood, report, report, guessing]
