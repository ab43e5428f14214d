import { rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTls, TLSSocket } from 'node:tls'
import { expand } from '#probes/blackbox/expand.ts'
import { findIn } from '#probes/blackbox/regex.ts'
import { expired, selfSigned } from '../../test/fixtures/servers/certificates.ts'
import { everyPair, type MakeGroup, type ProbeCase } from './case.ts'
import { freePort, listening } from './listening.ts'

const tcp = (options: object = {}) => ({ prober: 'tcp', timeout: '500ms', tcp: options })
const steps = (...query_response: object[]) => tcp({ query_response })

/** What a server says as soon as somebody comes, as bytes; afterwards it tells each line that it hears in hex. */
const GREETINGS: Readonly<Record<string, string>> = {
  banner: '220 mail.example ready\r\n',
  bare: '220 mail.example ready\n',
  unended: '220 mail.example ready',
  unendedCr: '220 mail.example ready\r',
  twoCr: '220 mail.example ready\r\r\n',
  several: 'one\r\n\r\ntwo\n220 mail.example ready\r\n',
  blank: '\r\n',
  utf8: Buffer.from('220 señal ñandú €𝄞\r\n').toString('latin1'),
  latin1: '220 se\xf1al \xe2\x82 \xed\xa0\x80 \xf8 x\r\n',
  marked: '\xef\xbb\xbf220 mail.example\r\n',
  zero: '220 a\0b\r\n',
  long: `${'x'.repeat(65_000)}\r\n220 mail.example ready\r\n`,
  tooLong: `${'x'.repeat(66_000)}\r\n220 mail.example ready\r\n`,
  busy: '421 too many connections\r\n',
}

const EXPECTATIONS: Readonly<Record<string, object>> = {
  connect: tcp(),
  greeted: steps({ expect: '^220 ' }),
  ready: steps({ expect: 'ready$' }),
  anything: steps({ expect: '' }),
  dot: steps({ expect: '^220 se.al' }),
  letters: steps({ expect: '^220 \\p{L}+ \\p{L}+' }),
  spanish: steps({ expect: '^220 señal' }),
  replaced: steps({ expect: '\\x{fffd}\\x{fffd} \\x{fffd}\\x{fffd}\\x{fffd} \\x{fffd} x' }),
  ignoringCase: steps({ expect: '(?i)^220 SEÑAL' }),
  second: steps({ expect: '^220 ' }, { expect: '^250 ' }),
  sendFirst: steps({ send: 'HELO' }, { expect: '^got 48454c4f$' }),
  sendNothing: steps({ send: '' }, { expect: '^220' }),
  sendSpanish: steps({ send: 'señal ñandú' }, { expect: `^got ${Buffer.from('señal ñandú').toString('hex')}$` }),
}

const EXPECT = '^220 (?P<host>\\S+)(?: (?P<rest>.*))?$'
const SENDS = [
  '${host} $host ${1} $1 $2 ${rest}',
  '$$ $$$1 $ $- ${ ${} ${host $hostx $1x ${1}x ${01} $01 $0 $9 ${nobody}',
  'ñ $1 ñ$2ñ',
  '$rest',
  '$1_2 ${1}_2 $',
]

/** What the original has to send by the groups that it heard: the server tells what it got. */
const sends = (): Record<string, readonly [module: object, greeting: string]> =>
  Object.fromEntries(
    ['banner', 'utf8', 'latin1', 'marked', 'zero'].flatMap((greeting) =>
      SENDS.flatMap((send, index) => {
        const found = findIn(EXPECT, Buffer.from(GREETINGS[greeting]!.replace(/\r\n$/, ''), 'latin1'))
        const sent = found ? expand(send, found) : Buffer.from('nothing')
        const module = steps({ expect: EXPECT, send }, { expect: `^got ${sent.toString('hex')}$` })
        return [[`sends${index}_${greeting}`, [module, greeting] as const]]
      }),
    ),
  )

const serve = (greeting: string, ends: boolean) => (socket: Socket) => {
  let heard = Buffer.alloc(0)
  socket.on('error', () => {})
  socket.on('data', (part: Buffer) => {
    heard = Buffer.concat([heard, part])
    for (let end = heard.indexOf(10); end >= 0; end = heard.indexOf(10)) {
      socket.write(`got ${heard.subarray(0, end).toString('hex')}\r\n`)
      heard = heard.subarray(end + 1)
    }
  })
  socket.write(Buffer.from(greeting, 'latin1'))
  if (ends) socket.end()
}

/** Speaks TLS after a line of its own. */
const startTls = (socket: Socket) => {
  socket.on('error', () => {})
  socket.write('220 ready\r\n')
  socket.once('data', () => {
    socket.write('220 go ahead\r\n')
    const secured = new TLSSocket(socket, { isServer: true, ...selfSigned })
    secured.on('error', () => {}).once('secure', () => secured.write('250 secure\r\n'))
  })
}

const secureModules = (authority: string): Record<string, object> => {
  const tls = (tls_config: object) => tcp({ tls: true, tls_config })
  const upgrade = (tls_config: object) =>
    tcp({
      query_response: [{ expect: '^220', send: 'STARTTLS' }, { expect: '^220', starttls: true }, { expect: '^250 ' }],
      tls_config,
    })
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
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, options]) => [
      [`tls_${name}`, tls(options)],
      [`upgrade_${name}`, upgrade(options)],
    ]),
  )
}

export const tcpGroup: MakeGroup = async (defer) => {
  const authority = join(tmpdir(), `vigia-beside-tcp-${process.pid}.pem`)
  writeFileSync(authority, `${selfSigned.cert}${expired.cert}`)
  defer(() => rmSync(authority, { force: true }))
  const started = async (server: ReturnType<typeof createServer>, host?: string) => {
    defer(() => void server.close())
    return `127.0.0.1:${await listening(server, host)}`
  }
  const cases: ProbeCase[] = []
  const talking = sends()
  const modules: Record<string, object> = { ...EXPECTATIONS, ...secureModules(authority) }
  for (const [name, greeting] of Object.entries(GREETINGS)) {
    const open = await started(createServer(serve(greeting, false)))
    cases.push(...everyPair(EXPECTATIONS, [open, await started(createServer(serve(greeting, true)))]))
    for (const [module, [options, of]] of Object.entries(talking))
      if (of === name) {
        modules[module] = options
        cases.push({ module, target: open })
      }
  }
  const reset = await started(createServer((socket) => void socket.resetAndDestroy()))
  const silent = await started(createServer((socket) => void socket.on('error', () => {})))
  const closed = `127.0.0.1:${await freePort(createServer)}`
  cases.push(...everyPair(EXPECTATIONS, [reset, silent, closed]))
  const quiet = <S extends ReturnType<typeof createTls>>(server: S) => server.on('tlsClientError', () => {})
  const secure = await started(quiet(createTls(selfSigned, (socket) => void socket.on('error', () => {}))))
  const late = await started(quiet(createTls(expired, (socket) => void socket.on('error', () => {}))))
  const old = await started(
    quiet(createTls({ ...selfSigned, maxVersion: 'TLSv1.2' }, (socket) => void socket.on('error', () => {}))),
  )
  const upgrading = await started(createServer(startTls))
  cases.push(...everyPair(secureModules(authority), [secure, late, old, upgrading, silent]))
  modules.source = tcp({ source_ip_address: '127.0.0.9' })
  modules.foreignSource = tcp({ source_ip_address: '203.0.113.9' })
  modules.only4 = tcp({ preferred_ip_protocol: 'ip4', ip_protocol_fallback: false })
  modules.only6 = tcp({ preferred_ip_protocol: 'ip6', ip_protocol_fallback: false })
  modules.ip4 = tcp({ preferred_ip_protocol: 'ip4' })
  const port = silent.split(':')[1]
  const targets = [
    silent,
    `localhost:${port}`,
    `[::1]:${port}`,
    '127.0.0.1',
    '127.0.0.1:99999',
    'no-such-name.invalid:80',
    '',
  ]
  for (const module of ['connect', 'source', 'foreignSource', 'only4', 'only6', 'ip4'])
    for (const target of targets) cases.push({ module, target })
  return { modules, cases }
}
