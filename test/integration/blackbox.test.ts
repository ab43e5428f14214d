import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttp, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createProbeHandler } from '#api/probe.ts'
import { loadBlackboxModules } from '#config/blackbox.ts'
import { createProbeTools } from '#engine/tools.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { lacksPrograms } from '../fixtures/machine.ts'
import { selfSigned } from '../fixtures/servers/certificates.ts'

/** Ours and the original, on the same targets of this machine with the same file, metric by metric. */

const PROGRAM = 'prometheus-blackbox-exporter'
const skip = lacksPrograms(PROGRAM)

/** A file that the original finds by its whole path only. */
const AUTHORITY = join(tmpdir(), `vigia-blackbox-${process.pid}.pem`)

const MODULES = {
  http_2xx: { prober: 'http', timeout: '3s' },
  http_v4: { prober: 'http', http: { preferred_ip_protocol: 'ip4', ip_protocol_fallback: false } },
  http_secure: { prober: 'http', http: { fail_if_not_ssl: true, tls_config: { insecure_skip_verify: true } } },
  http_404: { prober: 'http', http: { valid_status_codes: [404], no_follow_redirects: true } },
  http_body: { prober: 'http', http: { fail_if_body_matches_regexp: ['hel+o'] } },
  http_body_not: { prober: 'http', http: { fail_if_body_not_matches_regexp: ['hel+o'] } },
  http_header: {
    prober: 'http',
    http: { fail_if_header_not_matches: [{ header: 'X-Color', regexp: '^blue$', allow_missing: false }] },
  },
  http_auth: { prober: 'http', http: { basic_auth: { username: 'ana', password: 'secreto' } } },
  http_gzip: { prober: 'http', http: { compression: 'gzip', method: 'GET', headers: { 'Accept-Encoding': 'gzip' } } },
  http_post: { prober: 'http', http: { method: 'POST', body: 'ping', headers: { 'X-Echo': 'yes' } } },
  http_head: { prober: 'http', http: { method: 'HEAD' } },
  http_limit: { prober: 'http', http: { body_size_limit: '3B' } },
  http_old: { prober: 'http', http: { valid_http_versions: ['HTTP/1.0'] } },
  http_no_ssl: { prober: 'http', http: { fail_if_ssl: true, tls_config: { insecure_skip_verify: true } } },
  http_header_is: {
    prober: 'http',
    http: { fail_if_header_matches: [{ header: 'X-Color', regexp: 'blue', allow_missing: true }] },
  },
  http_short: { prober: 'http', timeout: '1s' },
  http_verified: {
    prober: 'http',
    http: { tls_config: { ca_file: AUTHORITY, server_name: 'localhost' } },
  },
  tcp_connect: { prober: 'tcp' },
  tcp_v6: { prober: 'tcp', tcp: { preferred_ip_protocol: 'ip6', ip_protocol_fallback: false } },
  tcp_verified: { prober: 'tcp', tcp: { tls: true, tls_config: { ca_file: AUTHORITY, server_name: 'localhost' } } },
  tcp_banner: {
    prober: 'tcp',
    tcp: { query_response: [{ expect: '^220 (\\S+)', send: 'HELO ${1}' }, { expect: '^250 ' }] },
  },
  tcp_nothing: { prober: 'tcp', timeout: '1s', tcp: { query_response: [{ expect: '^999' }] } },
  tcp_tls: { prober: 'tcp', tcp: { tls: true, tls_config: { insecure_skip_verify: true } } },
  icmp: { prober: 'icmp', icmp: { preferred_ip_protocol: 'ip4' } },
  icmp_v6: { prober: 'icmp', icmp: { preferred_ip_protocol: 'ip6' } },
  icmp_large: { prober: 'icmp', icmp: { preferred_ip_protocol: 'ip4', payload_size: 1400 } },
  dns_tcp: { prober: 'dns', timeout: '1s', dns: { query_name: 'example.com', transport_protocol: 'tcp' } },
  dns_none: {
    prober: 'dns',
    dns: {
      query_name: 'example.com',
      query_type: 'A',
      validate_answer_rrs: { fail_if_none_matches_regexp: ['10\\.0\\.'], fail_if_all_match_regexp: ['nothing'] },
    },
  },
  dns_a: { prober: 'dns', dns: { query_name: 'example.com', query_type: 'A' } },
  dns_rule: {
    prober: 'dns',
    dns: {
      query_name: 'example.com',
      query_type: 'A',
      validate_answer_rrs: { fail_if_not_matches_regexp: ['example.com.\t.*\tIN\tA\t192\\.0\\.2\\.7'] },
    },
  },
  dns_refused: { prober: 'dns', dns: { query_name: 'refused.example', query_type: 'A', valid_rcodes: ['REFUSED'] } },
}

/** Each rule about records, with a pattern that fits all answers, one that fits none, and both. */
const RULES = ['fail_if_matches', 'fail_if_all_match', 'fail_if_not_matches', 'fail_if_none_matches'].flatMap((rule) =>
  Object.entries({ fits: ['192\\.0\\.2'], not: ['nothing'], both: ['192\\.0\\.2', 'nothing'] }).map(
    ([name, patterns]) => ({
      name: `${rule}_${name}`,
      rule: { [`${rule}_regexp`]: patterns },
    }),
  ),
)
const ruled = (name: string, extra: object) =>
  Object.fromEntries(
    RULES.map(({ name: rule, rule: validate_answer_rrs }) => [
      `${name}_${rule}`,
      { prober: 'dns', dns: { query_name: `${name}.example`, query_type: 'A', validate_answer_rrs, ...extra } },
    ]),
  )
const RULED = { ...ruled('one', {}), ...ruled('refused', { valid_rcodes: ['REFUSED'] }) }

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port
const listening = async <S extends Server>(server: S): Promise<S> => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** Answers A questions with 192.0.2.7, and refuses one name. */
const dnsServer = async () => {
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    const refused = query.includes('refused')
    const question = query.subarray(12, query.indexOf(0, 12) + 5)
    const head = Buffer.from(query.subarray(0, 12))
    head.writeUInt16BE(refused ? 0x8185 : 0x8180, 2)
    head.writeUInt16BE(refused ? 0 : 1, 6)
    head.writeUInt16BE(0, 10)
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, 7])
    socket.send(Buffer.concat([head, question, ...(refused ? [] : [record])]), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket
}

type Metrics = ReadonlyMap<string, number>
const parse = (text: string): Metrics =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )

/** Figures that measure time differ from one look to the next. */
const isTime = (name: string) => /_duration_seconds|_lookup_time_seconds/.test(name)

describe('/probe beside blackbox_exporter', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-blackbox-'))
  const file = join(folder, 'blackbox.yml')
  const tools = createProbeTools()
  const closers: (() => void)[] = []
  let peer: ChildProcess
  let peerUrl: string
  let targets: Record<string, string>
  const { modules, problems } = (() => {
    const timed = Object.entries({ ...MODULES, ...RULED }).map(([name, module]) => [name, { timeout: '2s', ...module }])
    writeFileSync(AUTHORITY, selfSigned.cert)
    writeFileSync(file, JSON.stringify({ modules: Object.fromEntries(timed) }))
    return loadBlackboxModules(file)
  })()
  const handle = createProbeHandler({ tools, timers: systemTimers, modules: () => modules })

  before(async () => {
    const answer = (request: { url?: string; headers: Record<string, unknown> }, response: ServerResponse) => {
      const routes: Record<string, () => void> = {
        '/': () => response.setHeader('last-modified', 'Wed, 21 Oct 2015 07:28:00 GMT').end('hello'),
        '/missing': () => response.writeHead(404).end('no'),
        '/moved': () => response.writeHead(302, { location: '/' }).end(),
        '/loop': () => response.writeHead(302, { location: '/loop' }).end(),
        '/color': () => response.setHeader('x-color', 'blue').end('chunked'),
        '/private': () =>
          response.writeHead(request.headers.authorization === 'Basic YW5hOnNlY3JldG8=' ? 200 : 401).end(),
        '/echo': () => response.writeHead(request.headers['x-echo'] === 'yes' ? 200 : 400).end(),
        '/away': () => response.writeHead(301, { location: 'ftp://127.0.0.1/' }).end(),
        '/nowhere': () => response.writeHead(302).end('no location'),
        '/empty': () => response.writeHead(204).end(),
        '/cut': () => response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy()),
        '/silent': () => {},
        '/gzip': () => response.setHeader('content-encoding', 'gzip').end(gzipSync('x'.repeat(1000))),
      }
      const route = routes[request.url ?? '']
      if (route) route()
      else response.writeHead(500).end()
    }
    const plain = await listening(createHttp(answer as never))
    const secure = await listening(createHttps(selfSigned, answer as never))
    const mail = await listening(
      createServer((socket) => {
        socket.on('error', () => {})
        socket.write('220 mail.example ready\r\n')
        socket.on('data', (data) =>
          socket.write(data.toString() === 'HELO mail.example\n' ? '250 fine\r\n' : '500 what\r\n'),
        )
      }),
    )
    const names = await dnsServer()
    const shut = await listening(createServer())
    const closedPort = portOf(shut)
    shut.close()
    for (const server of [plain, secure, mail]) closers.push(() => void server.close())
    closers.push(() => names.close())
    targets = {
      http: `http://127.0.0.1:${portOf(plain)}`,
      https: `https://127.0.0.1:${portOf(secure)}`,
      tls: `127.0.0.1:${portOf(secure)}`,
      mail: `127.0.0.1:${portOf(mail)}`,
      dns: `127.0.0.1:${portOf(names)}`,
      closed: `127.0.0.1:${closedPort}`,
      credentials: `http://ana:secreto@127.0.0.1:${portOf(plain)}`,
      bare: `127.0.0.1:${portOf(plain)}`,
      name: `localhost:${portOf(mail)}`,
      unknown: 'no-such-name.invalid:80',
      unknownPage: 'http://no-such-name.invalid/',
      noPort: '127.0.0.1',
      badPort: '127.0.0.1:99999',
      six: '[::1]:1',
    }
    const free = await listening(createServer())
    const port = portOf(free)
    await new Promise((done) => free.close(done))
    peerUrl = `http://127.0.0.1:${port}`
    peer = spawn(PROGRAM, [`--config.file=${file}`, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' })
    for (let attempt = 0; attempt < 200; attempt++) {
      const up = await fetch(`${peerUrl}/-/healthy`).then(
        () => true,
        () => false,
      )
      if (up) return
      await new Promise((later) => setTimeout(later, 25))
    }
    throw new Error(`${PROGRAM} did not start`)
  })

  after(() => {
    peer?.kill()
    for (const close of closers) close()
    tools.close()
    rmSync(folder, { recursive: true, force: true })
    rmSync(AUTHORITY, { force: true })
  })

  it('reads the same file', () => assert.deepEqual(problems, []))

  const both = async (module: string, target: string): Promise<{ ours: Metrics; theirs: Metrics }> => {
    const query = new URLSearchParams({ module, target })
    const theirs = parse(await (await fetch(`${peerUrl}/probe?${query}`)).text())
    const { body, status } = await handle({ module, target })
    assert.equal(status, 200)
    return { ours: parse(body), theirs }
  }

  const cases: readonly (readonly [module: string, target: string, path?: string])[] = [
    ['http_2xx', 'http', '/'],
    ['http_2xx', 'http', '/missing'],
    ['http_2xx', 'http', '/moved'],
    ['http_2xx', 'http', '/color'],
    ['http_2xx', 'closed'],
    ['http_2xx', 'https', '/'],
    ['http_v4', 'http', '/'],
    ['http_secure', 'https', '/'],
    ['http_secure', 'http', '/'],
    ['http_404', 'http', '/missing'],
    ['http_404', 'http', '/moved'],
    ['http_body', 'http', '/'],
    ['http_body_not', 'http', '/'],
    ['http_body_not', 'http', '/missing'],
    ['http_header', 'http', '/color'],
    ['http_header', 'http', '/'],
    ['http_auth', 'http', '/private'],
    ['http_2xx', 'http', '/private'],
    ['http_gzip', 'http', '/gzip'],
    ['tcp_connect', 'mail'],
    ['tcp_connect', 'closed'],
    ['tcp_banner', 'mail'],
    ['tcp_nothing', 'mail'],
    ['tcp_tls', 'tls'],
    ['tcp_tls', 'mail'],
    ['dns_a', 'dns'],
    ['dns_rule', 'dns'],
    ['dns_refused', 'dns'],
    ['dns_a', 'closed'],
    ['http_auth', 'credentials', '/private'],
    ['http_2xx', 'credentials', '/private'],
    ['http_2xx', 'bare'],
    ['http_2xx', 'bare', '/color'],
    ['http_2xx', 'unknownPage'],
    ['http_2xx', 'http', '/loop'],
    ['http_2xx', 'http', '/away'],
    ['http_2xx', 'http', '/nowhere'],
    ['http_2xx', 'http', '/empty'],
    ['http_2xx', 'http', '/cut'],
    ['http_short', 'http', '/silent'],
    ['http_2xx', 'mail'],
    ['http_post', 'http', '/echo'],
    ['http_head', 'http', '/'],
    ['http_limit', 'http', '/'],
    ['http_old', 'http', '/'],
    ['http_no_ssl', 'https', '/'],
    ['http_header_is', 'http', '/color'],
    ['http_header_is', 'http', '/'],
    ['http_verified', 'https', '/'],
    ['tcp_verified', 'tls'],
    ['tcp_connect', 'name'],
    ['tcp_connect', 'unknown'],
    ['tcp_connect', 'noPort'],
    ['tcp_connect', 'badPort'],
    ['tcp_v6', 'mail'],
    ['tcp_v6', 'six'],
    ['icmp', 'unknown'],
    ['dns_tcp', 'dns'],
    ['dns_none', 'dns'],
    ['dns_a', 'unknown'],
  ]
  for (const [module, target, path = ''] of cases)
    it(`the same metrics: ${module} of ${target}${path}`, async () => {
      const { ours, theirs } = await both(module, targets[target]! + path)
      assert.deepEqual([...ours.keys()].sort(), [...theirs.keys()].sort())
      for (const [name, value] of theirs) if (!isTime(name)) assert.equal(ours.get(name), value, name)
      assert.ok(ours.get('probe_duration_seconds')! > 0)
    })

  it('the same verdict: rules about records, and about none', async () => {
    for (const module of Object.keys(RULED)) {
      const { ours, theirs } = await both(module, targets.dns!)
      assert.equal(ours.get('probe_success'), theirs.get('probe_success'), module)
    }
  })

  it('the same metrics: icmp', { skip: process.getuid?.() !== 0 && 'the original needs root to ping' }, async () => {
    for (const [module, target] of [
      ['icmp', '127.0.0.1'],
      ['icmp', 'localhost'],
      ['icmp_v6', '::1'],
      ['icmp_large', '127.0.0.1'],
    ] as const) {
      const { ours, theirs } = await both(module, target)
      const names = [...theirs.keys()]
      assert.deepEqual([...ours.keys()].sort(), names.sort())
      for (const name of names) if (!isTime(name)) assert.equal(ours.get(name), theirs.get(name), `${module} ${name}`)
    }
  })

  it('refuses what the original refuses, in the same words', async () => {
    for (const query of ['module=nope&target=127.0.0.1', 'module=icmp']) {
      const theirs = await fetch(`${peerUrl}/probe?${query}`)
      const { module, target } = Object.fromEntries(new URLSearchParams(query)) as Record<string, string>
      const ours = await handle({ module, target })
      assert.deepEqual([ours.status, ours.body], [theirs.status, await theirs.text()])
    }
  })
})
