import { closeSync, openSync, writeSync } from 'node:fs'

const HEADER = `#separator \\x09
#set_separator\t,
#empty_field\t(empty)
#unset_field\t-
#path\tconn
#open\t2026-03-01-00-00-00
#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents
#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tbool\tbool\tcount\tstring\tcount\tcount\tcount\tcount\tset[string]
`

/** Protocol, port, service, state and history of connections, with their share of an office's traffic. */
const MIX = [
  [0.34, 'udp', 53, 'dns', 'SF', 'Dd'],
  [0.3, 'tcp', 443, 'ssl', 'SF', 'ShADadFf'],
  [0.08, 'udp', 443, 'quic', 'SF', 'Dd'],
  [0.08, 'tcp', 80, 'http', 'SF', 'ShADadFf'],
  [0.06, 'tcp', 443, '-', 'S0', 'S'],
  [0.04, 'tcp', 445, '-', 'REJ', 'Sr'],
  [0.04, 'udp', 123, 'ntp', 'SF', 'Dd'],
  [0.03, 'tcp', 443, 'ssl', 'RSTO', 'ShADadR'],
  [0.03, 'tcp', 22, 'ssh', 'SF', 'ShADadFf'],
] as const

type Kind = (typeof MIX)[number]

const pick = (at: number): Kind => {
  let sum = 0
  for (const kind of MIX) {
    sum += kind[0]
    if (at < sum) return kind
  }
  return MIX[0]
}

/** A plain answered connection to a web server: what every detector of pairs looks at. */
const WEB: Kind = MIX[1]

/** The same sequence on every machine (a linear congruential generator). */
const createRandom = (): (() => number) => {
  let state = 12_345
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}

export interface Traffic {
  readonly lines: number
  readonly clients: number
  /** Servers that clients pick from, by Zipf's law. */
  readonly servers: number
  /** Instead: so many pairs of one client and one server, all of them web connections, one after the other and again. */
  readonly pairs?: number
  readonly seconds: number
}

const address = (first: number, index: number): string =>
  `${first}.${(index >>> 16) & 255}.${(index >>> 8) & 255}.${index & 255}`

/** Writes a conn.log of made traffic with realistic shares, sizes and durations. */
export const writeConnLog = (path: string, { lines, clients, servers, pairs, seconds }: Traffic): void => {
  const random = createRandom()
  const file = openSync(path, 'w')
  let text = HEADER
  for (let index = 0; index < lines; index++) {
    const [, proto, port, service, state, history] = pairs === undefined ? pick(random()) : WEB
    const ts = 1_772_323_200 + (index / lines) * seconds
    // By Zipf's law few servers take most connections.
    const server = pairs === undefined ? Math.floor(servers ** random()) - 1 : index % pairs
    const client = pairs === undefined ? Math.floor(random() * clients) : Math.floor((index % pairs) / 100) % clients
    const sent = state === 'SF' ? Math.floor(80 + 2000 * random()) : 0
    const received = state === 'SF' ? Math.floor(100 + 60_000 * random() ** 4) : 0
    const duration = state === 'SF' ? (120 * random() ** 6).toFixed(6) : '-'
    text += `${ts.toFixed(6)}\tC${index.toString(36).padStart(16, 'x')}\t${address(10, client)}\t${1024 + (index % 60_000)}\t${address(93, server)}\t${port}\t${proto}\t${service}\t${duration}\t${sent}\t${received}\t${state}\tT\tF\t0\t${history}\t${state === 'SF' ? 8 : 1}\t${sent + 320}\t${state === 'SF' ? 7 : 0}\t${received + 280}\t-\n`
    if (text.length > 1 << 20) {
      writeSync(file, text)
      text = ''
    }
  }
  writeSync(file, text)
  closeSync(file)
}
