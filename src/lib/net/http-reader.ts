import { type ChunkReader, createChunkReader } from './http-chunks.ts'
import { announcedLength, type HttpFault, type HttpHead, type HttpOddity, readHttpHead } from './http-head.ts'

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
}

const BEGINNING = 'HTTP/'
const isInterim = (status: number): boolean => status >= 100 && status < 200 && status !== 101
const hasNoBody = (status: number): boolean => status < 200 || status === 204 || status === 304

/** Where the head ends and where what follows it begins; undefined while it has not ended. */
const headEnd = (bytes: Buffer): readonly [number, number] | undefined => {
  const withCr = bytes.indexOf('\n\r\n')
  const bare = bytes.indexOf('\n\n')
  if (withCr >= 0 && (bare < 0 || withCr < bare)) return [withCr, withCr + 3]
  return bare < 0 ? undefined : [bare, bare + 2]
}

const withoutBlankLines = (bytes: Buffer): Buffer => {
  let at = 0
  while (bytes[at] === 10 || bytes[at] === 13) at++
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
      if (chunks.take(bytes) < 0) return { code: 'odd_chunks' }
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

  const readHead = (bytes: Buffer): HttpProgress => {
    const whole = withoutBlankLines(held ? Buffer.concat([held, bytes]) : bytes)
    const start = whole.toString('latin1', 0, BEGINNING.length)
    if (!BEGINNING.startsWith(start)) return { code: 'not_http' }
    const end = headEnd(whole)
    if (headBytes + (end?.[1] ?? whole.length) > headLimit) return { code: 'headers_too_large', limit: headLimit }
    if (!end) {
      held = whole
      return 'reading'
    }
    held = undefined
    headBytes += end[1]
    const read = readHttpHead(whole.toString('latin1', 0, end[0]))
    if ('code' in read) return read
    const rest = whole.subarray(end[1])
    if (isInterim(read.status)) return rest.length > 0 ? readHead(rest) : 'reading'
    head = read
    const begun = begin()
    if (rest.length === 0 || typeof begun === 'object') return begun
    if (begun === 'whole') {
      head.oddities.add('more_than_announced')
      return begun
    }
    return readBody(rest)
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
  }
}
