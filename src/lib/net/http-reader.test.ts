import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createHttpReader, type HttpBreak, type HttpProgress } from './http-reader.ts'

interface Read {
  readonly progress: HttpProgress
  readonly broken: HttpBreak | undefined
  readonly status: number | undefined
  readonly body: string
  readonly odd: readonly string[]
}

const readParts = (parts: readonly Buffer[], bodiless = false): Read => {
  let body = ''
  const reader = createHttpReader({
    bodiless,
    headLimit: 1000,
    onHead: () => {},
    onData: (data) => {
      body += data.toString('latin1')
    },
  })
  let progress: HttpProgress = 'reading'
  for (const part of parts) {
    progress = reader.push(part)
    if (progress !== 'reading') break
  }
  const broken = progress === 'reading' ? reader.end() : undefined
  return { progress, broken, status: reader.head?.status, body, odd: [...(reader.head?.oddities ?? [])] }
}

const read = (text: string, bodiless = false) => readParts([Buffer.from(text, 'latin1')], bodiless)
const OK = 'HTTP/1.1 200 OK\r\n'

/** Answers that are read, with what is odd about them. */
const READ: Readonly<Record<string, readonly [text: string, body: string, odd?: string]>> = {
  length: [`${OK}Content-Length: 5\r\n\r\nhello`, 'hello'],
  'until the end': [`${OK}\r\nhello`, 'hello'],
  chunks: [`${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n`, 'hello'],
  'chunks without CR': [`${OK}Transfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n`, 'hello'],
  'chunks with blanks': [`${OK}Transfer-Encoding: chunked\r\n\r\n5  \r\nhello\r\n0\r\n\r\n`, 'hello'],
  'interim answers': [
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n${OK}Content-Length: 1\r\n\r\nx`,
    'x',
  ],
  'blank lines before it': [`\r\n\r\n${OK}Content-Length: 5\r\n\r\nhello`, 'hello'],
  'no headers': ['HTTP/1.0 200\r\n\r\nhello', 'hello'],
  'lines without CR': ['HTTP/1.1 200 OK\nContent-Length: 5\n\nhello', 'hello', 'lines_without_cr'],
  'one line without CR': [`${OK}Content-Length: 5\nX: y\r\n\r\nhello`, 'hello', 'lines_without_cr'],
  'a longer body': [`${OK}Content-Length: 5\r\n\r\nhello world`, 'hello', 'more_than_announced'],
  'one length twice': [`${OK}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`, 'hello', 'length_repeated'],
  'one length twice in a line': [`${OK}Content-Length: 5, 5\r\n\r\nhello`, 'hello', 'length_repeated'],
  'length and chunks': [
    `${OK}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    'hello',
    'length_and_chunks',
  ],
  'a blank in a name': [`${OK}X Y: z\r\nContent-Length: 5\r\n\r\nhello`, 'hello', 'blank_in_header_name'],
  'a blank before the colon': [`${OK}Content-Length : 5\r\n\r\nhello`, 'hello', 'blank_in_header_name'],
  'a control character': [`${OK}X: a\x01b\r\nContent-Length: 5\r\n\r\nhello`, 'hello', 'control_in_header'],
  'a folded header': [`${OK}X: a\r\n b\r\nContent-Length: 5\r\n\r\nhello`, 'hello', 'folded_header'],
}

/** Answers that are not, and why. */
const REFUSED: Readonly<Record<string, readonly [text: string, code: string]>> = {
  'a greeting of SSH': ['SSH-2.0-OpenSSH_9\r\n', 'not_http'],
  'a page without head': ['<html>', 'not_http'],
  'a status of four digits': ['HTTP/1.1 2000 OK\r\n\r\n', 'odd_status_line'],
  'two lengths': [`${OK}Content-Length: 5\r\nContent-Length: 4\r\n\r\nhello`, 'lengths_differ'],
  'a length below 0': [`${OK}Content-Length: -5\r\n\r\nhello`, 'odd_length'],
  'a length in words': [`${OK}Content-Length: five\r\n\r\nhello`, 'odd_length'],
  'a line without colon': [`${OK}X: y\r\nfoo\r\n\r\n`, 'header_without_colon'],
  'a NUL': [`${OK}X: a\0b\r\n\r\n`, 'header_with_nul'],
  'no chunks': [`${OK}Transfer-Encoding: chunked\r\n\r\nzz\r\nhello`, 'odd_chunks'],
  'a chunk longer than it says': [`${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n`, 'odd_chunks'],
  'a chunk without a line end behind it': [
    `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhe3\r\nllo\r\n0\r\n\r\n`,
    'odd_chunks',
  ],
  'long headers': [`${OK}X: ${'x'.repeat(1000)}\r\n\r\n`, 'headers_too_large'],
  'headers without end': [`${OK}X: ${'x'.repeat(2000)}`, 'headers_too_large'],
  'interim answers without end': ['HTTP/1.1 100 Continue\r\n\r\n'.repeat(100), 'headers_too_large'],
}

const codeOf = ({ progress }: Read) => (typeof progress === 'object' ? progress.code : progress)

describe('an answer of HTTP', () => {
  for (const [name, [text, body, odd]] of Object.entries(READ))
    it(`is read: ${name}`, () => {
      const found = read(text)
      assert.deepEqual([found.status, found.body, found.broken, found.odd], [200, body, undefined, odd ? [odd] : []])
    })

  for (const [name, [text, code]] of Object.entries(REFUSED))
    it(`is refused by what is wrong: ${name}`, () => assert.equal(codeOf(read(text)), code))

  it('has no body after a HEAD, and with 204 and 304, whatever follows', () => {
    for (const [text, bodiless] of [
      [`${OK}Content-Length: 5\r\n\r\nhello`, true],
      [`${OK}Content-Length: 5\r\n\r\n`, true],
      ['HTTP/1.1 204 No Content\r\n\r\nhello', false],
      ['HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', false],
    ] as const) {
      const { progress, body } = read(text, bodiless)
      assert.deepEqual([progress, body], ['whole', ''])
    }
  })

  it('is read behind as many interim answers as fit into its heads', () => {
    const interim = 'HTTP/1.1 100 \n\n'
    const reader = createHttpReader({ bodiless: false, headLimit: 1 << 20, onHead: () => {}, onData: () => {} })
    const progress = reader.push(Buffer.from(`${interim.repeat(60_000)}${OK}Content-Length: 0\r\n\r\n`))
    assert.deepEqual([progress, reader.head?.status], ['whole', 200])
  })

  it('says where it broke off', () => {
    assert.deepEqual(readParts([]).broken, { within: 'nothing' })
    assert.deepEqual(read(`${OK}Content-Le`).broken, { within: 'head' })
    assert.deepEqual(read(`${OK}Content-Length: 50\r\n\r\nhello`).broken, {
      within: 'body',
      received: 5,
      announced: 50,
    })
    const chunked = read(`${OK}Transfer-Encoding: chunked\r\n\r\n50\r\nhello`).broken
    assert.deepEqual(chunked, { within: 'body', received: 5, announced: undefined })
  })

  it('is the same in whatever pieces it comes', () => {
    const texts = [...Object.values(READ), ...Object.values(REFUSED)].map(([text]) => text)
    const cuts = fc.array(fc.nat(200), { maxLength: 8 })
    fc.assert(
      fc.property(fc.constantFrom(...texts), cuts, fc.boolean(), (text, at, each) => {
        const bytes = Buffer.from(text, 'latin1')
        const borders = each ? bytes.keys().toArray() : at.toSorted((a, b) => a - b)
        const parts = [...borders, bytes.length].map((end, index) => bytes.subarray(index && borders[index - 1]!, end))
        const [whole, pieces] = [read(text), readParts(parts.filter((part) => part.length > 0))]
        assert.deepEqual([codeOf(pieces), pieces.body, pieces.broken], [codeOf(whole), whole.body, whole.broken])
      }),
      { numRuns: 300 },
    )
  })

  it('reads anything without a throw', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom('\r\n', '\n', OK, 'Content-Length: 1', 'Transfer-Encoding: chunked', '0', 'f'),
    )
    fc.assert(
      fc.property(fc.array(line), (lines) => void read(OK + lines.join('\r\n'))),
      { numRuns: 300 },
    )
  })
})
