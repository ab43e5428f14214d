import { closeSync, openSync, readSync } from 'node:fs'
import { isMapped, type SocketSink } from './tally.ts'

const NEWLINE = 10
const COLON = 58
const CHUNK = 65_536
/** Longer than any line of the table. */
const LONGEST_LINE = 512

const digit = (byte: number): number => (byte >= 97 ? byte - 87 : byte >= 65 ? byte - 55 : byte - 48)

const hex = (bytes: Uint8Array, at: number, length: number): number => {
  let value = 0
  for (let index = at; index < at + length; index++) value = value * 16 + digit(bytes[index]!)
  return value
}

/**
 * One line: ` sl: LOCAL:PORT REMOTE:PORT STATE TX:RX …`, where an address is 8 or 32 hex digits and each word of it is
 * in the machine's byte order (`net/ipv4/tcp_ipv4.c`). The table does not tell how many may wait at a listener.
 */
const line = (bytes: Uint8Array, from: number, to: number, family: 4 | 6, sink: SocketSink): void => {
  const colon = bytes.indexOf(COLON, from)
  const digits = family === 4 ? 8 : 32
  const local = colon + 2
  const remote = local + digits + 6
  const state = remote + digits + 6
  const queue = state + 12
  if (colon < 0 || queue + 8 > to || bytes[local + digits] !== COLON) return
  const mapped = family === 6 && isMapped(hex(bytes, local, 8), hex(bytes, local + 8, 8), hex(bytes, local + 16, 8))
  sink.add(
    family === 4 || mapped ? 4 : 6,
    hex(bytes, state, 2),
    hex(bytes, local + digits + 1, 4),
    hex(bytes, remote + digits + 1, 4),
    hex(bytes, queue, 8),
    -1,
  )
}

/** Counts every line of a table that is handed over in pieces. */
export const createTableReader = (family: 4 | 6, sink: SocketSink) => {
  let first = true
  let rest = new Uint8Array(0)
  return (piece: Uint8Array): void => {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    let from = 0
    for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
      if (!first) line(bytes, from, to, family, sink)
      first = false
      from = to + 1
    }
    // What has no end by now is no line of the table.
    rest = bytes.length - from > LONGEST_LINE ? new Uint8Array(0) : bytes.slice(from)
  }
}

/** Reads `tcp` and `tcp6` of a folder such as `/proc/net`, with a breath every few pieces; throws the system's error where it may not. */
export const readProc = async (
  sink: SocketSink,
  breathe: () => Promise<void> | undefined,
  folder: string,
): Promise<void> => {
  const buffer = new Uint8Array(CHUNK)
  for (const [name, family] of [
    ['tcp', 4],
    ['tcp6', 6],
  ] as const) {
    let fd: number
    try {
      fd = openSync(`${folder}/${name}`, 'r')
    } catch (error) {
      // A kernel without IPv6 has no such table.
      if (family === 6 && (error as NodeJS.ErrnoException).code === 'ENOENT') continue
      throw error
    }
    try {
      const read = createTableReader(family, sink)
      for (let length = readSync(fd, buffer); length > 0; length = readSync(fd, buffer)) {
        read(buffer.subarray(0, length))
        await breathe()
      }
    } finally {
      closeSync(fd)
    }
  }
}
