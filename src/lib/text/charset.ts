import { isUtf8 } from 'node:buffer'

/** Within so many bytes a page says its charset (HTML, "prescan a byte stream"). */
const PRESCAN = 1024
const OF_HEADER = /;\s*charset\s*=\s*"?([^\s;"]+)/i
const OF_META = /<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([^\s"'/>;]+)/i
const OF_XML = /^\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([^"']+)["']/i
/** What browsers take a page for that says nothing and is not UTF-8. */
const UNSAID = 'windows-1252'

const byMark = (bytes: Buffer): string | undefined => {
  const [first, second, third] = bytes
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return first === 0xff && second === 0xfe ? 'utf-16le' : undefined
}

/** What a page or an XML document says of itself in its first bytes; a page that can be read so is no UTF-16. */
const byContent = (bytes: Buffer, contentType: string): string | undefined => {
  if (!/html|xml|^$/i.test(contentType)) return undefined
  const beginning = bytes.toString('latin1', 0, PRESCAN)
  const said = OF_XML.exec(beginning)?.[1] ?? OF_META.exec(beginning)?.[1]
  return said && /^utf-16/i.test(said) ? 'utf-8' : said
}

const decoderOf = (label: string | undefined): TextDecoder | undefined => {
  if (label === undefined) return undefined
  try {
    return new TextDecoder(label)
  } catch {
    return undefined
  }
}

/**
 * A body as text, as browsers read it: by its byte order mark, which is no part of the text, else by what its content
 * type says, else by what it says itself, else as UTF-8, or as windows-1252 where it is none. `cut`: its end is missing.
 */
export const decodeText = (bytes: Buffer, contentType: string, cut: boolean): string => {
  const label = byMark(bytes) ?? OF_HEADER.exec(contentType)?.[1] ?? byContent(bytes, contentType)
  const decoder = label === undefined || /^utf-?8$/i.test(label) ? undefined : decoderOf(label)
  if (decoder) return decoder.decode(bytes)
  // A character that was cut through is no sign of another charset.
  const known = label !== undefined || isUtf8(cut ? bytes.subarray(0, wholeEnd(bytes)) : bytes)
  if (!known && !/json/i.test(contentType)) return new TextDecoder(UNSAID).decode(bytes)
  const start = byMark(bytes) === 'utf-8' ? 3 : 0
  return bytes.toString('utf8', start, bytes.length)
}

/** Where the last character of UTF-8 that may be cut through begins. */
const wholeEnd = (bytes: Buffer): number => {
  let at = bytes.length
  while (at > 0 && bytes.length - at < 4 && (bytes[at - 1]! & 0xc0) === 0x80) at--
  return at > 0 && bytes[at - 1]! >= 0xc0 ? at - 1 : bytes.length
}
