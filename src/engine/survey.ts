import { readFileSync } from 'node:fs'
import type { Cause } from '#core/cause/cause.ts'
import { systemClock } from '#lib/time/clock.ts'
import { openFilesLimit } from './descriptors.ts'
import type { Finding } from './finding.ts'
import { addressText } from './icmp/icmp-packet.ts'
import { type Family, openIcmpSocket, RECEIVE_BUFFER, receiveBufferOf, type SocketKind } from './icmp/icmp-socket.ts'
import { createPingCommand } from './icmp/ping-command.ts'
import { surveyNames } from './name-survey.ts'
import { loadNative, type Native } from './native.ts'
import { type Link, neighbourRoom, readLinks } from './neighbours/links.ts'
import { neighbourBound } from './neighbours/neighbours.ts'

type SayCause = (cause: Cause) => string

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}

const statusField = (key: string): string | undefined =>
  new RegExp(`^${key}:\\s*(.*)$`, 'm').exec(read('/proc/self/status') ?? '')?.[1]

const CAP_NET_ADMIN = 12n
const CAP_NET_RAW = 13n

const hasCapability = (bit: bigint): boolean => ((BigInt(`0x${statusField('CapEff') ?? '0'}`) >> bit) & 1n) === 1n

/** Under it, what `setcap` gives a program does not count (Documentation/userspace-api/no_new_privs). */
const noNewPrivileges = (): boolean => statusField('NoNewPrivs') === '1'

const grant = (): string => {
  const ways = [
    ...(noNewPrivileges() ? [] : ['setcap cap_net_raw+ep on the node binary']),
    'AmbientCapabilities=CAP_NET_RAW in the unit of systemd',
    'net.ipv4.ping_group_range that covers this group',
  ]
  return ways.join(', or ')
}

/** What is left where no socket may be opened: what is wrong with the ping command, undefined where it works. */
const lastResort = async (family: Family, say: SayCause): Promise<string | undefined> => {
  const address = family === 4 ? '127.0.0.1' : '::1'
  const signal = AbortSignal.timeout(LONGEST_TRY_MS)
  const { rtts, ownFault } = await createPingCommand()({ address, packets: 1, gapMs: 200, timeoutMs: 1000 }, signal)
  if (rtts.some((rtt) => !Number.isNaN(rtt))) return undefined
  return ownFault ? say(ownFault.cause) : `${address} did not answer it`
}
const LONGEST_TRY_MS = 5000

const METHODS: Readonly<Record<SocketKind, string>> = {
  raw: 'raw sockets: everything works, ICMP errors name their sender',
  dgram: 'ping sockets, which need no privilege: everything works, ICMP errors name their sender',
}

const pingSocket = async (native: Native | undefined, family: Family, say: SayCause): Promise<Finding> => {
  const check = `ping over IPv${family}`
  const socket = native && openIcmpSocket(native, family)
  if (!native || !socket) {
    const wrong = await lastResort(family, say)
    const left =
      wrong === undefined
        ? 'the ping command is used, at most 32 at once'
        : `and pinging by the ping command fails: ${wrong}`
    const level = wrong !== undefined && family === 4 ? 'problem' : 'warning'
    return { check, level, found: `no ICMP socket may be opened, ${left}`, advice: grant() }
  }
  native.close(socket.fd)
  return { check, level: 'ok', found: METHODS[socket.kind] }
}

const receiveBuffer = (native: Native | undefined): Finding | undefined => {
  const socket = native && openIcmpSocket(native, 4)
  if (!native || !socket) return undefined
  // The kernel grants twice what is asked for, to pay for its own book-keeping, and tells the double.
  const bytes = receiveBufferOf(native, socket)
  native.close(socket.fd)
  const check = 'receive buffer'
  // A reply of the usual size takes about 800 bytes of the buffer.
  const found = `${Math.round(bytes / 1024)} KiB: room for about ${Math.floor(bytes / 832).toLocaleString('en')} replies that come at once`
  if (bytes >= RECEIVE_BUFFER) return { check, level: 'ok', found }
  const advice = `sysctl -w net.core.rmem_max=${RECEIVE_BUFFER}, or grant CAP_NET_ADMIN; below a few thousand targets it does not matter`
  return { check, level: 'warning', found, advice }
}

const privileges = (): Finding => {
  const names = [
    ...(hasCapability(CAP_NET_RAW) ? ['CAP_NET_RAW'] : []),
    ...(hasCapability(CAP_NET_ADMIN) ? ['CAP_NET_ADMIN'] : []),
  ]
  const who = process.getuid?.() === 0 ? 'root' : `user ${process.getuid?.() ?? ''}`
  const bound = noNewPrivileges() ? '; it may gain none (NoNewPrivs)' : ''
  return {
    check: 'privileges',
    level: 'ok',
    found: `${who}, ${names.join(' and ') || 'no network capabilities'}${bound}`,
  }
}

const pingRange = (): Finding | undefined => {
  const text = read('/proc/sys/net/ipv4/ping_group_range')
  if (text === undefined) return undefined
  const [from = 1, to = 0] = text.split(/\s+/).map(Number)
  const groups = [process.getegid?.() ?? -1, ...(process.getgroups?.() ?? [])]
  const covered = groups.some((group) => group >= from && group <= to)
  if (from > to) return { check: 'ping range', level: 'ok', found: 'nobody may open an unprivileged ping socket' }
  const found = `groups ${from} to ${to} may open a ping socket, this one ${covered ? 'too' : 'not'}`
  return { check: 'ping range', level: 'ok', found }
}

/** Below this many, a few thousand probes at once run out. */
const DESCRIPTORS_WANTED = 16_384

const descriptors = (): Finding | undefined => {
  const limit = openFilesLimit()
  if (limit === undefined) return undefined
  const found = `${limit === Number.POSITIVE_INFINITY ? 'any number of' : limit} open files at once`
  if (limit >= DESCRIPTORS_WANTED) return { check: 'descriptors', level: 'ok', found }
  const advice = `LimitNOFILE=65536 in the unit of systemd, or ulimit -n 65536: each TCP and HTTP probe under way takes one`
  return { check: 'descriptors', level: 'warning', found, advice }
}

/** So many of them are named. */
const LINKS_NAMED = 3

const networkText = ({ network, bits, interface: name }: Link): string => `${addressText(network)}/${bits} on ${name}`

const neighbours = (): Finding | undefined => {
  if (process.platform !== 'linux') return undefined
  const links = readLinks().filter(({ network }) => network.length === 4)
  const check = 'neighbour table'
  if (links.length === 0) return { check, level: 'ok', found: 'no network lies directly at this machine' }
  const room = neighbourRoom(4)
  const more = links.length > LINKS_NAMED ? ` and ${links.length - LINKS_NAMED} more` : ''
  const found = `room for ${room.toLocaleString('en')} hosts of ${links.slice(0, LINKS_NAMED).map(networkText).join(', ')}${more}; of those that do not answer ${neighbourBound(4)} are asked for at once, the others wait`
  const places = links.reduce((sum, { bits }) => sum + 2 ** (32 - bits), 0)
  if (places <= room) return { check, level: 'ok', found }
  const advice = `to watch more than ${Math.floor(room / 2).toLocaleString('en')} hosts there, raise net.ipv4.neigh.default.gc_thresh1, 2 and 3: beyond the last one packets of this whole machine are lost`
  return { check, level: 'ok', found, advice }
}

const clock = (native: Native | undefined): Finding => {
  const check = 'clock'
  const source = read('/sys/devices/system/clocksource/clocksource0/current_clocksource') ?? 'unknown'
  const now = new Date(systemClock.now())
  const year = now.getUTCFullYear()
  const advice = 'let chrony or systemd-timesyncd keep it: times of events, and the ends of certificates, go by it'
  if (year < 2026) return { check, level: 'problem', found: `it is ${year}`, advice }
  const found = `${now.toISOString()}, source ${source}`
  if (native?.clockIsKept() !== false) return { check, level: 'ok', found }
  return { check, level: 'warning', found: `${found}; nothing on this machine keeps it right`, advice }
}

/**
 * Looks at what this machine and this process offer to the probe engine. Opens sockets; pings this machine at most. `say`
 * puts a cause into words.
 */
export const survey = async (say: SayCause): Promise<readonly Finding[]> => {
  const native = loadNative()
  const platform: Finding = native
    ? {
        check: 'native calls',
        level: 'ok',
        found: `${process.platform} ${process.arch}: batches of packets, kernel times`,
      }
    : {
        check: 'native calls',
        level: 'warning',
        found: `${process.platform} ${process.arch}: not available`,
        advice: 'Linux on x64 or arm64 probes in bulk; here the ping command and Node’s own sockets are used',
      }
  const findings = [
    platform,
    privileges(),
    await pingSocket(native, 4, say),
    await pingSocket(native, 6, say),
    pingRange(),
    receiveBuffer(native),
    descriptors(),
    neighbours(),
    surveyNames(),
    clock(native),
  ]
  return findings.filter((finding) => finding !== undefined)
}
