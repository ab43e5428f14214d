import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'

export interface Request {
  readonly head: string
  readonly body: string
  /** Where the server is: `http://127.0.0.1:8080`. */
  readonly base: string
  readonly port: number
}

const OK = 'HTTP/1.1 200 OK\r\n'
const TEXT = 'está en operación: hello'
const utf8 = Buffer.from(TEXT).toString('latin1')
const answered = (text: string, headers = '') => `${OK}${headers}Content-Length: ${text.length}\r\n\r\n${text}`
const packed = (encoding: string, bytes: Buffer) =>
  answered(bytes.toString('latin1'), `Content-Encoding: ${encoding}\r\n`)
const moved = (status: number, place: string, headers = '') =>
  `HTTP/1.1 ${status} Moved\r\n${headers}Location: ${place}\r\nContent-Length: 0\r\n\r\n`
const told = ({ head, body }: Request) =>
  head
    .split('\r\n')
    .filter((line) => !/^(host|connection|user-agent):/i.test(line))
    .map((line) => line.toLowerCase())
    .sort()
    .join('|') + body

/** Answers as bytes, or as what a request gets, by the first part of the path. */
export const ANSWERS: Readonly<Record<string, string | ((request: Request) => string)>> = {
  plain: answered(utf8),
  latin1: `${OK}Content-Type: text/html; charset=iso-8859-1\r\n\r\n${TEXT}`,
  marked: answered(`\xef\xbb\xbfhello`),
  broken: answered('a\xe2\x82 \xff hello'),
  chunks: `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  trailers: `${OK}Transfer-Encoding: chunked\r\nTrailer: X-Word\r\n\r\n5;a=b\r\nhello\r\n0\r\nX-Word: ñandú\r\n\r\n`,
  longer: `${OK}Content-Length: 5\r\n\r\nhello world`,
  longerClosed: `${OK}Connection: close\r\nContent-Length: 5\r\n\r\nhello world`,
  short: `${OK}Content-Length: 50\r\n\r\nhello`,
  halfChunk: `${OK}Transfer-Encoding: chunked\r\n\r\n50\r\nhello`,
  noContent: 'HTTP/1.1 204 No Content\r\n\r\nhello',
  notModified: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
  missing: 'HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nhello',
  teapot: "HTTP/1.1 418 I'm a teapot\r\nContent-Length: 0\r\n\r\n",
  unworded: 'HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello',
  unwordedBlank: 'HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello',
  bareLf: 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello',
  lengthTwice: `${OK}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
  twoLengths: `${OK}Content-Length: 5\r\nContent-Length: 4\r\n\r\nhello`,
  both: `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  control: `${OK}X: a\x01b\r\nContent-Length: 5\r\n\r\nhello`,
  blankName: `${OK}X Y: z\r\nContent-Length: 5\r\n\r\nhello`,
  noColon: `${OK}nonsense\r\nContent-Length: 5\r\n\r\nhello`,
  folded: `${OK}X-Word: a\r\n ñandú\r\nContent-Length: 5\r\n\r\nhello`,
  large: `${OK}X: ${'x'.repeat(20_000)}\r\nContent-Length: 5\r\n\r\nhello`,
  word: `${OK}X-Word: ${Buffer.from('ñandú').toString('latin1')}\r\nContent-Length: 0\r\n\r\n`,
  words: `${OK}X-Word: other\r\nx-word: ${Buffer.from('ñandú').toString('latin1')}\r\nContent-Length: 0\r\n\r\n`,
  wordLatin1: `${OK}X-Word: \xf1and\xfa\r\nContent-Length: 0\r\n\r\n`,
  emptyWord: `${OK}X-Word:\r\nContent-Length: 0\r\n\r\n`,
  modified: answered('hello', 'Last-Modified: Sat, 21 Nov 2026 06:12:04 GMT\r\n'),
  modifiedBefore: answered('hello', 'Last-Modified: Saturday, 21-Nov-26 06:12:04 GMT\r\n'),
  modifiedOddly: answered('hello', 'Last-Modified: yesterday\r\n'),
  interim: `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${OK}Content-Length: 5\r\n\r\nhello`,
  old: 'HTTP/1.0 200 OK\r\n\r\nhello',
  greeting: 'SSH-2.0-OpenSSH_9\r\n',
  nothing: '',
  gzip: packed('gzip', gzipSync(TEXT)),
  cutGzip: packed('gzip', gzipSync(TEXT).subarray(0, 25)),
  br: packed('br', brotliCompressSync(TEXT)),
  deflate: packed('deflate', deflateSync(TEXT)),
  deflateRaw: packed('deflate', deflateRawSync(TEXT)),
  empty: answered(''),
  cookie: ({ head }) =>
    /^cookie: (own=1; )?seen=1/im.test(head)
      ? answered('hello')
      : moved(302, '/cookie', 'Set-Cookie: seen=1; Path=/\r\n'),
  otherCookie: moved(
    302,
    '/told',
    'Set-Cookie: a=1\r\nSet-Cookie: b=2; Path=/told\r\nSet-Cookie: c=3; Path=/other\r\nSet-Cookie: d=4; Secure\r\nSet-Cookie: e=5; Max-Age=0\r\nSet-Cookie: f=6; Domain=example.com\r\n',
  ),
  moved: 'HTTP/1.1 301 Moved\r\nLocation: /plain\r\nContent-Length: 2\r\n\r\nlonger',
  seeOther: moved(303, 'told'),
  kept: moved(307, '/told'),
  permanent: moved(308, '/told'),
  multiple: moved(300, '/plain'),
  nowhere: 'HTTP/1.1 302 Found\r\nContent-Length: 5\r\n\r\nhello',
  emptyPlace: moved(302, ''),
  loop: moved(302, '/loop'),
  away: moved(302, 'ftp://127.0.0.1/'),
  unparsable: moved(302, 'http://[::1'),
  whole: ({ base }) => moved(302, `${base}/told`),
  spanish: ({ base }) => moved(302, `${base}/${Buffer.from('told/ñandú').toString('latin1')}?q=x`),
  fragment: moved(302, '/told#there'),
  otherName: ({ port }) => moved(302, `http://localhost:${port}/told`),
  sixth: ({ port }) => moved(302, `http://[::1]:${port}/plain`),
  closed: moved(302, 'http://127.0.0.1:1/'),
  unknownName: moved(302, 'http://no-such-name.invalid/'),
  loginPlace: ({ port }) => moved(302, `http://eva:clave@127.0.0.1:${port}/told`),
  told: (request) => answered(told(request)),
}
