/** Hears the bytes of a chunked body. Its last chunk is its end: what may follow, trailers, nobody needs. */
export interface ChunkReader {
  /** Takes bytes; how many of them belong to the body, or -1 where they are no chunks. */
  take(bytes: Buffer): number
  readonly ended: boolean
}

/** A size with its extensions is a short line. */
const LONGEST_SIZE_LINE = 4096
const SIZE = /^[ \t]*([0-9a-f]{1,12})[ \t]*(?:;|$)/i
const LF = 10
const CR = 13

/** Reads chunks (RFC 9112, 7.1) and gives their data as they come. Lines may end without CR. */
export const createChunkReader = (hear: (data: Buffer) => void): ChunkReader => {
  /** Bytes of the chunk that have yet to come; below 0 while its size is read. */
  let left = -1
  let line = ''
  let ended = false
  /** The line end behind the data of a chunk has yet to come. */
  let afterData = false
  /** Reads at most the rest of a size line, or the line end behind a chunk; where what follows begins, or -1. */
  const readSize = (bytes: Buffer, from: number): number => {
    const end = bytes.indexOf(LF, from)
    line += bytes.toString('latin1', from, end < 0 ? bytes.length : end)
    if (line.length > LONGEST_SIZE_LINE) return -1
    if (end < 0) return bytes.length
    const written = line.charCodeAt(line.length - 1) === CR ? line.slice(0, -1) : line
    line = ''
    if (afterData) {
      afterData = false
      return written === '' ? end + 1 : -1
    }
    const size = SIZE.exec(written)
    if (!size) return -1
    left = Number.parseInt(size[1]!, 16)
    ended = left === 0
    return end + 1
  }
  return {
    take: (bytes) => {
      let at = 0
      while (at < bytes.length && !ended) {
        if (left < 0) {
          at = readSize(bytes, at)
          if (at < 0) return -1
          continue
        }
        const data = bytes.subarray(at, at + left)
        at += data.length
        left -= data.length
        if (left === 0) {
          left = -1
          afterData = true
        }
        hear(data)
      }
      return at
    },
    get ended() {
      return ended
    },
  }
}
