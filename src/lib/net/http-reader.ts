import { type ChunkReader, createChunkReader } from './http-chunks.ts'
import { announcedLength, type HttpFault, type HttpHead, type HttpOddity, readHttpHead, statusOf } from './http-head.ts'

export interface HttpReading {
  /** No body follows whatever the head says: the answer to a HEAD. */
  readonly bodiless: boolean
  /** Bytes that the heads of one answer may have together. */
  readonly headLimit: number
  readonly onHead: (head: HttpHead) => void
  readonly onData: (data: Buffer) => void
}

/** How the reading of an answer stands: `reading`, whole, or why it cannot go on. */
export type HttpProgress = 'reading' | 'whole' | HttpFault

/** How an answer broke off when its connection ended: before it, within its head, or within its body. */
export type HttpBreak =
  | { readonly within: 'nothing' | 'head' }
  | { readonly within: 'body'; readonly received: number; readonly announced: number | undefined }

export interface HttpReader {
  /** Takes what came. */
  push(bytes: Buffer): HttpProgress
  /** The connection has ended; undefined where the answer is whole by that. */
  end(): HttpBreak | undefined
  /** The head, once it is read. */
  readonly head: HttpHead | undefined
  /** The status of the answer, once its first line is read, whatever is wrong with those that follow. */
  readonly status: number | undefined
  /** Nothing is left of a whole answer, and nothing was odd: its connection may carry another. */
  readonly leavesClean: boolean
}

const BEGINNING = 'HTTP/'
const isInterim = (status: number): boolean => status >= 100 && status < 200 && status !== 101
const hasNoBody = (status: number): boolean => status < 200 || status === 204 || status === 304

const LF = 10
const CR = 13

/** Where the head ends and where what follows it begins; undefined while it has not ended. */
const headEnd = (bytes: Buffer): readonly [number, number] | undefined => {
  // Line by line: heads that follow one another in one piece are each looked through once.
  for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, end + 1)) {
    if (bytes[end + 1] === LF) return [end, end + 2]
    if (bytes[end + 1] === CR && bytes[end + 2] === LF) return [end, end + 3]
  }
  return undefined
}

const LINE_END = Buffer.from('\r\n')
/** Bytes of a first line that may come before its status is known. */
const LONGEST_STATUS = 32

const isKept = ({ status, version, headers, oddities }: HttpHead): boolean =>
  status >= 200 &&
  version === '1.1' &&
  oddities.size === 0 &&
  !/\bclose\b/i.test(headers.get('connection')?.join() ?? '')

const withoutBlankLines = (bytes: Buffer): Buffer => {
  let at = 0
  while (bytes[at] === LF || bytes[at] === CR) at++
  return at === 0 ? bytes : bytes.subarray(at)
}

/**
 * Reads one answer of HTTP/1.x from the bytes of its connection, as curl reads it: what breaks the rules but can be
 * understood is noted and read, interim answers are passed over, and what follows a whole answer is none of its business.
 */
export const createHttpReader = ({ bodiless, headLimit, onHead, onData }: HttpReading): HttpReader => {
  let held: Buffer | undefined
  let headBytes = 0
  let head: (HttpHead & { readonly oddities: Set<HttpOddity> }) | undefined
  let announced: number | undefined
  let received = 0
  let chunks: ChunkReader | undefined
  let came = false
  let status: number | undefined
  let surplus: Buffer | undefined

  const hear = (data: Buffer) => {
    received += data.length
    onData(data)
  }

  const begin = (): HttpProgress => {
    const { status, headers, oddities } = head!
    const length = announcedLength(headers, oddities)
    if (typeof length === 'object') return length
    const codings = headers.get('transfer-encoding')
    // Where both are given, the chunks count (RFC 9112, 6.3).
    if (codings && length !== undefined) oddities.add('length_and_chunks')
    if (bodiless || hasNoBody(status)) announced = 0
    else if (codings && /(^|,)\s*chunked\s*$/i.test(codings.join(','))) chunks = createChunkReader(hear)
    else if (!codings) announced = length
    onHead(head!)
    return announced === 0 ? 'whole' : 'reading'
  }

  const readBody = (bytes: Buffer): HttpProgress => {
    if (chunks) {
      const taken = chunks.take(bytes)
      if (taken < 0) return { code: 'odd_chunks' }
      surplus = bytes.subarray(taken)
      return chunks.ended ? 'whole' : 'reading'
    }
    if (announced === undefined) {
      hear(bytes)
      return 'reading'
    }
    const left = announced - received
    if (bytes.length > left) head!.oddities.add('more_than_announced')
    if (left > 0) hear(bytes.length > left ? bytes.subarray(0, left) : bytes)
    return received === announced ? 'whole' : 'reading'
  }

  /** Takes up the head that counts, and what came with it of the body. */
  const takeHead = (read: NonNullable<typeof head>, rest: Buffer): HttpProgress => {
    head = read
    const begun = begin()
    if (rest.length === 0 || typeof begun === 'object') return begun
    if (begun === 'reading') return readBody(rest)
    head.oddities.add('more_than_announced')
    return begun
  }

  const readHead = (bytes: Buffer): HttpProgress => {
    let rest = held ? Buffer.concat([held, bytes]) : bytes
    for (;;) {
      rest = withoutBlankLines(rest)
      const start = rest.toString('latin1', 0, BEGINNING.length)
      if (!BEGINNING.startsWith(start)) return { code: 'not_http' }
      const end = headEnd(rest)
      status = statusOf(rest.toString('latin1', 0, LONGEST_STATUS)) ?? status
      if (headBytes + (end?.[1] ?? rest.length) > headLimit) return { code: 'headers_too_large', limit: headLimit }
      if (!end) {
        held = rest
        return 'reading'
      }
      headBytes += end[1]
      const read = readHttpHead(rest.toString('latin1', 0, end[0]))
      if ('code' in read) return read
      rest = rest.subarray(end[1])
      if (!isInterim(read.status)) return takeHead(read, rest)
      status = undefined
    }
  }

  return {
    push: (bytes) => {
      came = true
      return head ? readBody(bytes) : readHead(bytes)
    },
    end: () => {
      if (!head) return { within: came ? 'head' : 'nothing' }
      return chunks || announced !== undefined ? { within: 'body', received, announced } : undefined
    },
    get head() {
      return head
    },
    get status() {
      return status !== undefined && isInterim(status) ? undefined : status
    },
    get leavesClean() {
      return (
        head !== undefined && isKept(head) && (chunks ? surplus?.equals(LINE_END) === true : announced !== undefined)
      )
    },
  }
}
