import { existsSync } from 'node:fs'
import type { RowFilter } from './diag-reply.ts'

/** In words of `struct inet_diag_msg`: both ports, both addresses; and the inode. */
const PLACE = { from: 1, to: 10 } as const
const INODE = 17

/** Words of `struct inet_diag_msg`; attributes follow it. */
const ROW_WORDS = 18
const INET_DIAG_ULP_INFO = 19
const ATTRIBUTE_TYPE = 0x3fff
/** `mptc` and `p`, as the name of what stands above a socket begins. */
const NAME = [0x63_74_70_6d, 0x70] as const
const ESTABLISHED = 1
const CLOSE_WAIT = 8

const isOpen = (words: Uint32Array, at: number): boolean => {
  const state = (words[at]! >>> 8) & 0xff
  return state === ESTABLISHED || state === CLOSE_WAIT
}

/**
 * Whether the kernel says of a row that it is a subflow, where it was asked for what it knows of a socket (it tells who
 * may administer the network, and from Linux 6.15 on everybody). Only of states in which its connection is listed for certain.
 */
const isNamedSubflow: RowFilter = (words, at, end) => {
  if (!isOpen(words, at)) return false
  for (let attribute = at + ROW_WORDS; attribute < end; ) {
    const word = words[attribute]!
    const bytes = word & 0xffff
    if (bytes < 4) return false
    if (((word >>> 16) & ATTRIBUTE_TYPE) === INET_DIAG_ULP_INFO)
      // Its first attribute is the name, behind a head of its own.
      return bytes >= 16 && words[attribute + 2] === NAME[0] && (words[attribute + 3]! & 0xff) === NAME[1]
    attribute += (bytes + 3) >> 2
  }
  return false
}

const placeOf = (words: Uint32Array, at: number): string => words.subarray(at + PLACE.from, at + PLACE.to).join()

/** False where the kernel knows no MPTCP. */
export const knowsMultipath = (): boolean => existsSync('/proc/sys/net/mptcp/enabled')

/**
 * Connections of MPTCP. Their subflows stand in the table of TCP as well, as sockets that stay ESTABLISHED after the far
 * end has closed the connection. A subflow has the inode of its connection; before it is accepted and after it is closed
 * there is none: the first one is known by its addresses and ports, the others by what the kernel says stands above them.
 */
export const createMultipath = () => {
  const inodes = new Set<number>()
  const places = new Set<string>()
  let waiting = false
  const note: RowFilter = (words, at) => {
    const inode = words[at + INODE]!
    if (inode !== 0) inodes.add(inode)
    else waiting ||= isOpen(words, at)
    places.add(placeOf(words, at))
    return true
  }
  const isPlain: RowFilter = (words, at, end) => {
    const inode = words[at + INODE]!
    if (inode !== 0 && inodes.has(inode)) return false
    return !isNamedSubflow(words, at, end) && !places.has(placeOf(words, at))
  }
  return {
    /** Takes in a row of a connection. */
    note,
    /** Whether one of them waits to be accepted: its subflows beyond the first are known only by their names. */
    waiting: () => waiting,
    /** True for a row of TCP that is no subflow of these; undefined where there are none. */
    plain: (): RowFilter | undefined => (places.size === 0 ? undefined : isPlain),
  }
}
