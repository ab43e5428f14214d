import { type Dice, type MadeConn, refused, talk, unanswered } from './made-kinds.ts'

/** Ordinary machines, as descriptions of protocols and of daily work tell of them; nothing is taken from a capture. */
export type Behaviour = (dice: Dice, world: World) => MadeConn[]

export interface World {
  /** How long it lasts, s. */
  readonly seconds: number
  readonly insider: () => string
  readonly outsider: () => string
}

const many = (count: number, make: (index: number) => MadeConn): MadeConn[] =>
  Array.from({ length: count }, (_, at) => make(at))

/** Moments that come again and again, some of them a little late. */
export const rhythm = (
  dice: Dice,
  from: number,
  until: number,
  every: number,
  jitter: number,
  most = 400,
): number[] => {
  const times: number[] = []
  for (let at = from; at < until && times.length < most; at += every * (1 + jitter * (dice.next() - 0.5)))
    times.push(at)
  return times
}

const names: Behaviour = (dice, { seconds, insider, outsider }) => {
  const clientIp = insider()
  const serverIp = dice.chance(0.5) ? insider() : outsider()
  const deaf = dice.chance(0.2) ? dice.between(0.2, 1) : 0.03
  return many(dice.whole(30, 250), () => ({
    at: dice.between(0, seconds),
    clientIp,
    serverIp,
    serverPort: 53,
    malicious: false,
    ...(dice.chance(deaf)
      ? { ...unanswered('udp', dice.whole(1, 3), dice.whole(25, 60)), service: 'dns' }
      : talk('udp', dice.whole(25, 60), dice.whole(50, 300), dice.scale(0.001, 0.2), { service: 'dns' })),
  }))
}

const ENDS = ['SF', 'SF', 'SF', 'S1', 'RSTO', 'RSTR', 'S2', 'S3', 'OTH', 'SHR'] as const
const HISTORIES: Readonly<Record<string, string>> = {
  SF: 'ShADadFf',
  S1: 'ShADad',
  RSTO: 'ShADadFR',
  RSTR: 'ShADadfr',
  S2: 'ShADadF',
  S3: 'ShADadf',
  OTH: 'DadA',
  SHR: '^hCadf',
}

const web = (dice: Dice) => {
  const state = dice.pick(ENDS)
  const quic = dice.chance(0.15)
  return talk(quic ? 'udp' : 'tcp', dice.scale(200, 8000), dice.scale(200, 500_000), dice.scale(0.05, 120), {
    service: dice.chance(0.75) ? (quic ? 'quic' : 'ssl') : undefined,
    ...(!quic && { state, history: HISTORIES[state]! }),
  })
}

/** Pages of many servers in bursts, now and then one that is gone. */
const browsing: Behaviour = (dice, { seconds, insider, outsider }) => {
  const clientIp = insider()
  const lost = dice.between(0, 0.08)
  const servers = many(dice.whole(10, 80), () => ({
    at: 0,
    clientIp,
    serverIp: outsider(),
    serverPort: 443,
    malicious: false,
  }))
  const conns: MadeConn[] = []
  for (let page = dice.whole(3, 25); page > 0; page--) {
    const at = dice.between(0, seconds)
    for (let part = dice.whole(3, 20); part > 0; part--) {
      const plain = dice.chance(0.15)
      const gone = dice.chance(lost) ? (dice.chance(0.7) ? unanswered('tcp', dice.whole(1, 4)) : refused()) : undefined
      conns.push({
        ...dice.pick(servers),
        at: at + dice.scale(0.05, 8),
        serverPort: plain ? 80 : 443,
        ...(gone ?? (plain ? { ...web(dice), proto: 'tcp', service: 'http' } : web(dice))),
      })
    }
  }
  return conns
}

const time: Behaviour = (dice, { seconds, insider, outsider }) => {
  const clientIp = insider()
  const servers = [outsider(), outsider(), outsider(), outsider()]
  const deaf = dice.chance(0.35) ? dice.between(0.3, 1) : 0.05
  return rhythm(dice, dice.between(0, 60), seconds, dice.scale(8, 1024), 0.2).map((at) => ({
    at,
    clientIp,
    serverIp: dice.pick(servers),
    serverPort: 123,
    malicious: false,
    ...(dice.chance(deaf)
      ? unanswered('udp', dice.whole(1, 4), 48)
      : talk('udp', 48, 48, dice.scale(0.005, 0.3), { service: dice.chance(0.7) ? 'ntp' : undefined })),
  }))
}

/** A thing that keeps in touch with its maker. */
const cloud: Behaviour = (dice, { seconds, insider, outsider }) => {
  const clientIp = insider()
  const servers = [outsider(), outsider()]
  const port = dice.pick([443, 443, 443, 8883, 80, 5223, 5228])
  const state = dice.pick(['SF', 'SF', 'RSTR', 'RSTO', 'S1', 'S3'] as const)
  const size = dice.scale(200, 4000)
  return rhythm(dice, dice.between(0, 60), seconds, dice.scale(20, 1800), dice.between(0, 0.6)).map((at) => ({
    at,
    clientIp,
    serverIp: dice.chance(0.9) ? servers[0]! : servers[1]!,
    serverPort: port,
    malicious: false,
    ...talk('tcp', size * dice.between(0.9, 1.3), size * dice.between(1, 4), dice.scale(0.1, 60), {
      service: port === 80 ? 'http' : dice.chance(0.85) ? 'ssl' : undefined,
      state,
      history: HISTORIES[state]!,
    }),
  }))
}

/** One machine looks after many others, of which some do not answer. */
const monitoring: Behaviour = (dice, { seconds, insider }) => {
  const clientIp = insider()
  const [proto, serverPort] = dice.pick([
    ['udp', 161],
    ['tcp', 9100],
    ['icmp', 0],
    ['tcp', 443],
    ['tcp', 10_050],
  ] as const)
  const hosts = Array.from({ length: dice.whole(5, 60) }, () => ({ ip: insider(), dead: dice.chance(0.06) }))
  const size = dice.scale(40, 600)
  const times = rhythm(dice, 0, seconds, dice.pick([15, 30, 60, 300]), 0, Math.ceil(400 / hosts.length))
  return times.flatMap((at) =>
    hosts.map(({ ip, dead }) => ({
      at: at + dice.between(0, 5),
      clientIp,
      serverIp: ip,
      serverPort,
      malicious: false,
      ...(proto === 'icmp'
        ? talk('icmp', 56, dead ? 0 : 56, 0.01, { state: 'OTH', history: undefined })
        : dead
          ? unanswered(proto, dice.whole(1, 3), proto === 'udp' ? 43 : 0)
          : talk(proto, size, size * dice.between(1, 6), dice.scale(0.002, 0.5), {
              service: serverPort === 161 ? 'snmp' : undefined,
            })),
    })),
  )
}

/** A machine that others visit from everywhere. */
const visitors: Behaviour = (dice, { seconds, insider, outsider }) => {
  const serverIp = insider()
  const port = dice.pick([443, 80, 25, 993, 22, 8080])
  return Array.from({ length: dice.whole(20, 120) }, outsider).flatMap((clientIp) =>
    many(dice.whole(1, 6), () => ({
      at: dice.between(0, seconds),
      clientIp,
      serverIp,
      serverPort: port,
      malicious: false,
      ...(dice.chance(0.04)
        ? unanswered('tcp', 1)
        : {
            ...web(dice),
            proto: 'tcp',
            service: port === 25 ? 'smtp' : port === 22 ? 'ssh' : dice.pick(['ssl', 'http', undefined]),
          }),
    })),
  )
}

/** People at work: shells, shares, databases, calls. */
const office: Behaviour = (dice, { seconds, insider, outsider }) => {
  const clientIp = insider()
  const servers = [insider(), insider(), insider(), outsider()]
  const uses = [
    [22, 'tcp', 'ssh', 3000, 20_000, 600],
    [3389, 'tcp', 'rdp', 20_000, 300_000, 1800],
    [445, 'tcp', 'gssapi,smb', 4000, 9000, 60],
    [389, 'tcp', undefined, 1500, 3000, 1],
    [88, 'tcp', 'krb_tcp', 1500, 1500, 0.05],
    [135, 'tcp', 'dce_rpc', 300, 300, 10],
    [5432, 'tcp', 'postgresql', 2000, 30_000, 30],
    [1433, 'tcp', undefined, 2000, 30_000, 30],
    [587, 'tcp', 'smtp', 30_000, 1500, 5],
    [993, 'tcp', 'ssl', 2000, 20_000, 900],
    [51_820, 'udp', undefined, 90_000, 200_000, 1800],
    [3478, 'udp', undefined, 300, 400, 30],
    [49_667, 'tcp', 'dce_rpc', 2500, 1500, 30],
    [6881, 'udp', undefined, 200, 400, 1],
  ] as const
  return many(dice.whole(20, 150), () => {
    const [serverPort, proto, service, sent, received, lasts] = dice.pick(uses)
    const state = dice.pick(['SF', 'SF', 'SF', 'RSTO', 'RSTR', 'S1'] as const)
    return {
      at: dice.between(0, seconds),
      clientIp,
      serverIp: dice.pick(servers),
      serverPort,
      malicious: false,
      ...(dice.chance(0.03)
        ? refused()
        : talk(proto, sent * dice.scale(0.2, 4), received * dice.scale(0.2, 4), lasts * dice.scale(0.1, 3), {
            service: dice.chance(0.8) ? service : undefined,
            ...(proto === 'tcp' && { state, history: HISTORIES[state]! }),
          })),
    }
  })
}

/** Peers that share a file: many strangers on a port each, not few of them gone. */
const swarm: Behaviour = (dice, { seconds, insider, outsider }) => {
  const clientIp = insider()
  return many(dice.whole(40, 200), () => {
    const proto = dice.pick(['udp', 'udp', 'tcp'] as const)
    return {
      at: dice.between(0, seconds),
      clientIp,
      serverIp: outsider(),
      serverPort: dice.whole(1025, 65_535),
      malicious: false,
      ...(dice.chance(0.4)
        ? unanswered(proto, dice.whole(1, 3), proto === 'udp' ? dice.whole(60, 120) : 0)
        : talk(proto, dice.scale(100, 20_000), dice.scale(100, 900_000), dice.scale(0.1, 300))),
    }
  })
}

/** Somebody calls a machine that is switched off, for some minutes. */
const retries: Behaviour = (dice, { seconds, insider, outsider }) => {
  const begin = dice.between(0, seconds)
  const clientIp = insider()
  const serverIp = dice.chance(0.5) ? insider() : outsider()
  const serverPort = dice.pick([443, 80, 443, 8080, 53, 9100, 445])
  return rhythm(dice, begin, begin + dice.scale(20, 900), dice.scale(1, 60), 0.4, 40).map((at) => ({
    at,
    clientIp,
    serverIp,
    serverPort,
    malicious: false,
    ...(dice.chance(0.2) ? refused() : unanswered('tcp', dice.whole(1, 5))),
  }))
}

/** What machines call out into their network. */
const discovery: Behaviour = (dice, { seconds, insider }) => {
  const clientIp = insider()
  const serverPort = dice.pick([137, 138, 67, 1900, 5353])
  return rhythm(dice, 0, seconds, dice.scale(20, 700), 0.3, 80).map((at) => ({
    at,
    clientIp,
    serverIp: '10.255.255.254',
    serverPort,
    malicious: false,
    ...unanswered('udp', dice.whole(1, 3), dice.whole(50, 300)),
  }))
}

export const BENIGN: readonly Behaviour[] = [
  names,
  names,
  browsing,
  browsing,
  time,
  cloud,
  cloud,
  monitoring,
  visitors,
  office,
  swarm,
  retries,
  discovery,
]
