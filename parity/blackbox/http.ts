import { rmSync, writeFileSync } from 'node:fs'
import { createSecureServer } from 'node:http2'
import { createServer as createHttps } from 'node:https'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expired, selfSigned } from '../../test/fixtures/servers/certificates.ts'
import { everyPair, type MakeGroup, type ProbeCase } from './case.ts'
import { ANSWERS } from './http-answers.ts'
import { freePort, listening } from './listening.ts'

interface Module {
  readonly prober: 'http'
  readonly timeout: string
  readonly http: object
}
const http = (options: object = {}): Module => ({ prober: 'http', timeout: '2s', http: options })
const header = (header_: string, regexp: string, allow_missing = false) => ({ header: header_, regexp, allow_missing })

/** Each key of an http module that a server in the clear can show. */
const MODULES: Readonly<Record<string, object>> = {
  plain: http(),
  head: http({ method: 'HEAD' }),
  headHas: http({ method: 'HEAD', fail_if_body_not_matches_regexp: ['hello'] }),
  headGzip: http({ method: 'HEAD', compression: 'gzip' }),
  post: http({ method: 'POST', body: 'ping', fail_if_body_not_matches_regexp: ['hello|ping'] }),
  postNothing: http({ method: 'POST' }),
  put: http({ method: 'PUT', body: 'ñandú' }),
  getBody: http({ body: 'ping' }),
  options: http({ method: 'OPTIONS' }),
  still: http({ follow_redirects: false }),
  stillOld: http({ no_follow_redirects: true, valid_status_codes: [301, 302, 303, 307, 308, 300] }),
  stillHas: http({ follow_redirects: false, valid_status_codes: [301, 302], fail_if_body_matches_regexp: ['nothing'] }),
  stillHeader: http({
    follow_redirects: false,
    valid_status_codes: [301, 302],
    fail_if_header_not_matches: [header('Location', '^/')],
  }),
  statuses: http({ valid_status_codes: [404, 418, 304] }),
  has: http({ fail_if_body_not_matches_regexp: ['operación.*hello'] }),
  hasNot: http({ fail_if_body_matches_regexp: ['hello'] }),
  hasBoth: http({ fail_if_body_matches_regexp: ['goodbye'], fail_if_body_not_matches_regexp: ['hello', '(?i)HEL+O'] }),
  replaced: http({ fail_if_body_not_matches_regexp: ['a\\x{fffd}\\x{fffd} \\x{fffd} h'] }),
  dot: http({ fail_if_body_not_matches_regexp: ['^.hello$'] }),
  header: http({ fail_if_header_not_matches: [header('X-Word', '^ñandú$')] }),
  headerLower: http({ fail_if_header_not_matches: [header('x-word', 'ñ', true)] }),
  headerEmpty: http({ fail_if_header_not_matches: [header('X-Word', '^$')] }),
  noHeader: http({ fail_if_header_matches: [header('X-Word', 'ñ', true)] }),
  noHeaderHere: http({ fail_if_header_matches: [header('X-Word', 'ñ')] }),
  headerAndBody: http({
    fail_if_header_not_matches: [header('Content-Length', '^5$', true)],
    fail_if_body_not_matches_regexp: ['hello'],
  }),
  gzip: http({ compression: 'gzip', fail_if_body_not_matches_regexp: ['hello'] }),
  gzipAlone: http({ compression: 'GZIP' }),
  br: http({ compression: 'br', headers: { 'Accept-Encoding': 'br' }, fail_if_body_not_matches_regexp: ['hello'] }),
  deflate: http({ compression: 'deflate', fail_if_body_not_matches_regexp: ['hello'] }),
  identity: http({ compression: 'identity', headers: { 'accept-encoding': 'gzip;q=0.5, *;q=0.1' } }),
  small: http({ body_size_limit: '8B' }),
  smallGzip: http({ body_size_limit: '8B', compression: 'gzip' }),
  exact: http({ body_size_limit: '5B', fail_if_body_not_matches_regexp: ['hello'] }),
  cookie: http({ headers: { Cookie: 'own=1' } }),
  old: http({ valid_http_versions: ['HTTP/1.0'] }),
  versions: http({ valid_http_versions: ['HTTP/1.1', 'HTTP/2.0'] }),
  ssl: http({ fail_if_ssl: true }),
  notSsl: http({ fail_if_not_ssl: true }),
  only4: http({ preferred_ip_protocol: 'ip4', ip_protocol_fallback: false }),
  only6: http({ preferred_ip_protocol: 'ip6', ip_protocol_fallback: false }),
  one: http({ enable_http2: false }),
}

/** What is sent: the server tells it in the body. */
const SENT: Readonly<Record<string, Module>> = {
  nothing: http({ fail_if_body_not_matches_regexp: ['^get /told http/1\\.1$'] }),
  headers: http({
    headers: { 'X-Own': 'ñ', accept: 'text/html' },
    fail_if_body_not_matches_regexp: ['accept: text/html\\|get .*\\|x-own: ñ$'],
  }),
  basic: http({
    basic_auth: { username: 'ana', password: 'secreto' },
    fail_if_body_not_matches_regexp: ['authorization: basic yw5houpzzwnyzxrv|authorization: basic yw5honnly3jldg8='],
  }),
  bearer: http({ bearer_token: 't0k', fail_if_body_not_matches_regexp: ['authorization: bearer t0k'] }),
  scheme: http({
    authorization: { type: 'Token', credentials: 't0k' },
    fail_if_body_not_matches_regexp: ['authorization: token t0k'],
  }),
  cookies: http({ headers: { Cookie: 'own=1' }, fail_if_body_not_matches_regexp: ['cookie: own=1(; a=1)?(; b=2)?'] }),
  cookieJar: http({ fail_if_body_not_matches_regexp: ['cookie: (b=2; a=1|a=1; b=2)\\|get'] }),
  posted: http({
    method: 'POST',
    body: 'ping',
    fail_if_body_not_matches_regexp: ['^content-length: 4\\|post .*ping$'],
  }),
  query: http({ fail_if_body_not_matches_regexp: ['get /told/a%20b/%c3%b1\\?q=a%20b&r=1 http'] }),
  moved: http({ method: 'POST', body: 'ping', fail_if_body_not_matches_regexp: ['^get /told'] }),
  referred: http({ fail_if_body_matches_regexp: ['authorization'] }),
  gzipWanted: http({ compression: 'gzip', fail_if_body_matches_regexp: ['accept-encoding'] }),
}

const secureModules = (authority: string): Record<string, object> => {
  const settings = {
    any: { insecure_skip_verify: true },
    anyWithAuthority: { insecure_skip_verify: true, ca_file: authority },
    named: { ca_file: authority, server_name: 'localhost' },
    byAddress: { ca_file: authority },
    other: { ca_file: authority, server_name: 'other.example' },
    unknown: {},
    old: { insecure_skip_verify: true, max_version: 'TLS12' },
    new: { insecure_skip_verify: true, min_version: 'TLS13' },
  }
  const tls = Object.entries(settings).map(([name, tls_config]) => [`tls_${name}`, http({ tls_config })])
  const known = { ca_file: authority }
  return {
    ...Object.fromEntries(tls),
    tls_hosted: http({ tls_config: known, headers: { Host: 'localhost' } }),
    tls_hostedElsewhere: http({ tls_config: known, headers: { host: 'other.example' } }),
    tls_one: http({ tls_config: known, enable_http2: false }),
    tls_two: http({ tls_config: known, valid_http_versions: ['HTTP/2.0'] }),
    tls_head: http({ tls_config: known, method: 'HEAD' }),
    tls_post: http({ tls_config: known, method: 'POST', body: 'ping', fail_if_body_not_matches_regexp: ['ping'] }),
    tls_header: http({ tls_config: known, fail_if_header_not_matches: [header('X-Word', 'blue')] }),
    tls_notSsl: http({ tls_config: known, fail_if_not_ssl: true }),
    tls_ssl: http({ tls_config: known, fail_if_ssl: true }),
    tls_gzip: http({ tls_config: known, compression: 'gzip', fail_if_body_not_matches_regexp: ['hello'] }),
    tls_small: http({ tls_config: known, body_size_limit: '3B' }),
    tls_cookie: http({ tls_config: known, fail_if_body_not_matches_regexp: ['seen=1'] }),
  }
}

const serveRaw = (port: () => number) => (socket: Socket) => {
  socket.on('error', () => {})
  let request = ''
  socket.on('data', (part) => {
    request += part.toString('latin1')
    const end = request.indexOf('\r\n\r\n')
    const length = Number(/content-length: (\d+)/i.exec(request)?.[1] ?? 0)
    if (end < 0 || request.length < end + 4 + length || socket.writableEnded) return
    const answer = ANSWERS[/^\w+ \/(\w+)/.exec(request)?.[1] ?? ''] ?? ''
    const heard = {
      head: request.slice(0, end),
      body: request.slice(end + 4),
      base: `http://127.0.0.1:${port()}`,
      port: port(),
    }
    socket.end(Buffer.from(typeof answer === 'string' ? answer : answer(heard), 'latin1'))
  })
}

interface Asked {
  readonly url?: string | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  on(event: string, hear: (part: Buffer) => void): unknown
}
interface Answering {
  writeHead(status: number, headers?: Readonly<Record<string, string>>): unknown
  end(body?: string | Buffer): unknown
  destroy?(): unknown
}

/** The same over HTTP/1.1 and HTTP/2. */
const answerSecurely = (request: Asked, response: Answering): void => {
  const send = (body: string | Buffer, status: number, headers: Readonly<Record<string, string>> = {}) => {
    response.writeHead(status, headers)
    response.end(body)
  }
  const routes: Readonly<Record<string, (body: string) => void>> = {
    '/': () => response.end('hello'),
    '/missing': () => send('hello', 404),
    '/moved': () => send('', 302, { location: '/' }),
    '/cookie': () => send('', 302, { location: '/told', 'set-cookie': 'seen=1; Path=/' }),
    '/told': (body) => response.end(`${request.headers.cookie} ${body}`),
    '/word': () => send('hello', 200, { 'x-word': 'blue', 'content-length': '5' }),
    '/gzip': () => send(gzipSync('hello'), 200, { 'content-encoding': 'gzip' }),
    '/empty': () => send('', 204),
    '/large': () => response.end(Buffer.alloc(300_000, 'x')),
  }
  let body = ''
  request.on('data', (part) => {
    body += part.toString()
  })
  request.on('end', () => (routes[request.url ?? ''] ?? (() => response.end('')))(body))
}
const PATHS = ['/', '/missing', '/moved', '/cookie', '/told', '/word', '/gzip', '/empty', '/large']

export const httpGroup: MakeGroup = async (defer) => {
  const authority = join(tmpdir(), `vigia-beside-http-${process.pid}.pem`)
  writeFileSync(authority, `${selfSigned.cert}${expired.cert}`)
  defer(() => rmSync(authority, { force: true }))
  let port = 0
  const raw = createServer(serveRaw(() => port))
  port = await listening(raw)
  const raw6 = createServer(serveRaw(() => port))
  raw6.listen(port, '::1').on('error', () => {})
  const secure = createHttps(selfSigned, answerSecurely as never)
  const late = createHttps(expired, answerSecurely as never)
  const two = createSecureServer({ ...selfSigned, allowHTTP1: true }, answerSecurely as never)
  const onlyTwo = createSecureServer(selfSigned, answerSecurely as never)
  const secured = await Promise.all([secure, late, two, onlyTwo].map((server) => listening(server as never)))
  for (const server of [raw, raw6, secure, late, two, onlyTwo]) defer(() => void server.close())
  const base = `127.0.0.1:${port}`
  const modules = {
    ...MODULES,
    ...Object.fromEntries(Object.entries(SENT).map(([name, one]) => [`sent_${name}`, one])),
    ...secureModules(authority),
  }
  const cases: ProbeCase[] = [
    ...everyPair(
      MODULES,
      Object.keys(ANSWERS).map((answer) => `http://${base}/${answer}`),
    ),
  ]
  const paths = ['told', 'kept', 'permanent', 'seeOther', 'whole', 'fragment', 'otherCookie', 'otherName', 'loginPlace']
  for (const module of Object.keys(SENT))
    for (const path of paths) cases.push({ module: `sent_${module}`, target: `http://${base}/${path}` })
  const odd = [
    `${base}/told/a%20b/ñ?q=a%20b&r=1`,
    `${base}`,
    `http://ana:secreto@${base}/told`,
    `localhost:${port}/plain`,
    `http://[::1]:${port}/plain`,
    'http://no-such-name.invalid/',
    'https://127.0.0.1:1/',
    `http://127.0.0.1:${await freePort(createServer)}/`,
    `https://${base}/plain`,
    'ftp://127.0.0.1/',
  ]
  for (const module of ['plain', 'only4', 'only6', 'sent_query', 'sent_basic', 'notSsl'])
    for (const target of odd) cases.push({ module, target })
  for (const [index, of] of secured.entries())
    for (const module of Object.keys(secureModules(authority)))
      for (const path of index === 1 ? ['/'] : PATHS)
        cases.push(
          { module, target: `https://127.0.0.1:${of}${path}` },
          ...(path === '/'
            ? [
                { module, target: `https://localhost:${of}/`, hostname: 'localhost' },
                { module, target: `https://127.0.0.1:${of}/`, hostname: 'other.example' },
              ]
            : []),
        )
  cases.push({ module: 'plain', target: `http://${base}/told`, hostname: 'example.com' })
  // What an unpacker makes of the beginning of bytes that are no such pack is its own.
  // Ours keeps a module's login from other hosts, unless it is told to hand it out as the original does.
  const ours: Record<string, object> = { ...modules }
  for (const [name, one] of Object.entries(SENT))
    if ('basic_auth' in one.http || 'bearer_token' in one.http || 'authorization' in one.http)
      ours[`sent_${name}`] = { ...one, http: { ...one.http, location_trusted: ['*'] } }
  return {
    modules,
    ours,
    cases,
    passedOver: { modules: /gzip|deflate/i, metric: 'probe_http_uncompressed_body_length' },
  }
}
