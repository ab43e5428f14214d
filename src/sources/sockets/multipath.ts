import { existsSync } from 'node:fs'
import type { RowFilter } from './diag-reply.ts'

/** In words of `struct inet_diag_msg`: both ports, both addresses; and the inode. */
const PLACE = { from: 1, to: 10 } as const
const INODE = 17

const placeOf = (words: Uint32Array, at: number): string => words.subarray(at + PLACE.from, at + PLACE.to).join()

/** False where the kernel knows no MPTCP. */
export const knowsMultipath = (): boolean => existsSync('/proc/sys/net/mptcp/enabled')

/**
 * Connections of MPTCP. Their subflows stand in the table of TCP as well, as sockets that stay ESTABLISHED after the far
 * end has closed the connection. A subflow has the inode of its connection; before it is accepted and after it is closed
 * there is none, and the first one is known by its addresses and ports.
 */
export const createMultipath = () => {
  const inodes = new Set<number>()
  const places = new Set<string>()
  const note: RowFilter = (words, at) => {
    const inode = words[at + INODE]!
    if (inode !== 0) inodes.add(inode)
    places.add(placeOf(words, at))
    return true
  }
  const isPlain: RowFilter = (words, at) => {
    const inode = words[at + INODE]!
    return (inode === 0 || !inodes.has(inode)) && !places.has(placeOf(words, at))
  }
  return {
    /** Takes in a row of a connection. */
    note,
    /** True for a row of TCP that is no subflow of these; undefined where there are none. */
    plain: (): RowFilter | undefined => (places.size === 0 ? undefined : isPlain),
  }
}
