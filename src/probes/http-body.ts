import { because } from '#core/cause/cause.ts'
import type { ProbeError } from '#core/result/result.ts'
import { decodeContent, encodingsOf } from '#lib/net/content-encoding.ts'
import type { HttpHeaders } from '#lib/net/http-head.ts'
import { decodeText } from '#lib/text/charset.ts'
import type { ReadBody } from './http-expectations.ts'

/** Bytes as they came. */
interface RawBody {
  readonly bytes: Buffer
  /** There is more than was read. */
  readonly cut: boolean
}

/** A body as text: without its encodings, by its charset, at most `limit` bytes of it. */
export const readText = async (
  headers: HttpHeaders,
  { bytes, cut }: RawBody,
  limit: number,
  target: string,
): Promise<ReadBody | ProbeError> => {
  const contentType = headers.get('content-type')?.[0] ?? ''
  const encodings = encodingsOf(headers.get('content-encoding'))
  if (encodings.length === 0) return { text: decodeText(bytes, contentType, cut), cut }
  const decoded = await decodeContent(encodings, bytes, cut, limit)
  if (typeof decoded === 'string')
    return {
      code: 'protocol_error',
      cause: because('http_encoding_unreadable', { target, encoding: decoded.slice(0, 40) }),
    }
  return { text: decodeText(decoded.bytes, contentType, decoded.more), cut: decoded.more }
}
