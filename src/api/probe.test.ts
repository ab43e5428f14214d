import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttp } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { createSecureContext, TLSSocket } from 'node:tls'
import fastify from 'fastify'
import type { Actor } from '#core/who/actor.ts'
import type { Role } from '#core/who/role.ts'
import { createProbeTools } from '#engine/tools.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { type BlackboxModule, HTTP_DEFAULTS, TCP_DEFAULTS } from '#probes/blackbox/module.ts'
import { selfSigned } from '../../test/fixtures/servers/certificates.ts'
import { addProbeRoute, createProbeHandler } from './probe.ts'

const listening = async (server: Server): Promise<string> => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('/probe', () => {
  const tools = createProbeTools()
  const modules = new Map<string, BlackboxModule>()
  const handle = createProbeHandler({ tools, timers: systemTimers, modules: () => modules })
  const servers: Server[] = []
  const start = (server: Server) => {
    servers.push(server)
    return listening(server)
  }
  let silent: string
  let web: string
  /** Leads to the same server by another name. */
  let away: string

  before(async () => {
    silent = await start(createServer((socket) => socket.on('error', () => {})))
    web = await start(
      createHttp((request, response) => {
        response.setHeader('x-seen', `${request.headers.host} ${request.headers.authorization}`)
        response.end(`${request.headers.host} ${request.headers.authorization ?? 'nobody'}`)
      }),
    )
    away = await start(
      createHttp((_, response) =>
        response.writeHead(302, { location: `http://localhost:${web.split(':')[1]}/` }).end(),
      ),
    )
    modules.set('starttls', {
      prober: 'tcp',
      timeoutMs: 5000,
      tcp: {
        ...TCP_DEFAULTS,
        tls: { verify: false },
        steps: [
          { expect: '^220 ' },
          { send: 'STARTTLS' },
          { expect: '^220 go', starttls: true },
          { expect: '^250 (.*)' },
        ],
      },
    })
    modules.set('secret', {
      prober: 'http',
      http: { ...HTTP_DEFAULTS, headers: { authorization: 'Bearer hush-hush' }, failIfBodyNotMatches: ['hush'] },
    })
    modules.set('named', {
      prober: 'http',
      http: { ...HTTP_DEFAULTS, failIfBodyNotMatches: ['^shop\\.example '] },
    })
  })

  after(() => {
    tools.close()
    for (const server of servers) server.close()
  })

  it('keeps a login of a module from another host, says so, and hands it out where it was told to', async () => {
    const module = (locationTrusted: readonly string[]): BlackboxModule => ({
      prober: 'http',
      http: {
        ...HTTP_DEFAULTS,
        headers: { authorization: 'Bearer hush-hush' },
        loginWins: true,
        locationTrusted,
        failIfBodyNotMatches: ['Bearer'],
      },
    })
    modules.set('kept', module([]))
    modules.set('trusting', module(['localhost']))
    const ask = async (name: string) => (await handle({ target: `http://${away}/`, module: name, debug: 'true' })).body
    const kept = await ask('kept')
    assert.match(kept, /^probe_success 0$/m)
    assert.match(
      kept,
      /level=error msg="The login of the module was not sent to this host" host="localhost:\d+" why="it is another host than 127\.0\.0\.1:\d+" allow="http: \{ location_trusted: \[\\"localhost\\"\] \}"/,
    )
    const trusting = await ask('trusting')
    assert.match(trusting, /^probe_success 1$/m)
    assert.doesNotMatch(trusting, /not sent|hush/)
  })

  it('speaks TLS from a step on, and ends every connection whole', async () => {
    const secureContext = createSecureContext(selfSigned)
    const mail = await start(
      createServer((socket) => {
        socket.on('error', () => {})
        socket.write('220 mail.example\r\n')
        socket.once('data', () => {
          socket.write('220 go ahead\r\n')
          const secure = new TLSSocket(socket, { isServer: true, secureContext })
          secure.on('error', () => {}).once('secure', () => secure.write('250 hello\r\n'))
        })
      }),
    )
    // A socket that goes away beneath TLS may take the process with it, not always at once.
    for (let run = 0; run < 20; run++) {
      const { body } = await handle({ target: mail, module: 'starttls' })
      assert.match(body, /^probe_success 1$/m)
      assert.match(body, /^probe_tls_version_info\{version="TLS 1\.3"\} 1$/m)
    }
  })

  it('gives up in time for the scrape that asks', async () => {
    modules.set('patient', { prober: 'tcp', tcp: { ...TCP_DEFAULTS, steps: [{ expect: 'never' }] } })
    const { body } = await handle({ target: silent, module: 'patient', scrapeTimeout: '0.6' })
    assert.match(body, /^probe_success 0$/m)
    assert.ok(Number(/^probe_duration_seconds (\S+)$/m.exec(body)![1]) < 60)
  })

  it('stops when who asked is gone', async () => {
    const gone = new AbortController()
    const asked = handle({ target: silent, module: 'patient', signal: gone.signal })
    gone.abort()
    assert.match((await asked).body, /^probe_success 0$/m)
  })

  it('shows every step with debug=true, and no secret', async () => {
    const { body, status } = await handle({ target: `http://ana:hidden@${web}/`, module: 'secret', debug: 'true' })
    assert.equal(status, 200)
    for (const part of ['Logs for the probe:', 'Metrics that would have been returned:', 'Module configuration:'])
      assert.ok(body.includes(part))
    assert.match(body, /^probe_success 1$/m)
    assert.ok(!/hush-hush|hidden/.test(body.replaceAll('(hidden)', '')), body)
  })

  it('asks by another name where it is told one', async () => {
    assert.match((await handle({ target: web, module: 'named', hostname: 'shop.example' })).body, /^probe_success 1$/m)
    assert.match((await handle({ target: web, module: 'named' })).body, /^probe_success 0$/m)
  })

  it('fails on targets that are none, without an exception', async () => {
    for (const module of ['http_2xx', 'tcp_connect', 'icmp', 'dns_udp', 'starttls'])
      for (const target of ['http://', 'a b', '[', ':0', '127.0.0.1:70000', '..', `${'x'.repeat(300)}:1`])
        assert.match(
          (await handle({ target, module, scrapeTimeout: '1' })).body,
          /^probe_success 0$/m,
          `${module} ${target}`,
        )
  })

  const routeFor = (role: Role | undefined) => {
    const app = fastify()
    const actor = role && ({ kind: 'token', id: 1, name: role, role } satisfies Actor)
    app.decorateRequest('actor', { getter: () => actor ?? null })
    addProbeRoute(app, { tools, timers: systemTimers, modules: () => modules })
    return app
  }

  it('looks at link-local addresses for nobody, and at this machine for who may change things', async () => {
    const reasonFor = async (role: Role | undefined, target: string, module: string) => {
      const app = routeFor(role)
      const query = `target=${encodeURIComponent(target)}&module=${module}`
      const { body } = await app.inject(`/probe?${query}`)
      const debug = (await app.inject(`/probe?${query}&debug=true`)).body
      await app.close()
      return /^probe_success 1$/m.test(body)
        ? 'seen'
        : (/is link-local|\(loopback\)|unspecified/.exec(debug)?.[0] ?? debug)
    }
    const redirecting = await start(
      createHttp((_request, response) => response.writeHead(302, { location: 'http://169.254.1.1/' }).end()),
    )
    modules.set('of the file', { prober: 'http', http: HTTP_DEFAULTS })
    for (const role of ['administrator', 'operator', 'viewer', undefined] as const) {
      const is = (reason: string, target: string, module: string) =>
        reasonFor(role, target, module).then((said) => assert.equal(said, reason, `${role} ${module} ${target}`))
      const own = role === 'viewer' || role === undefined ? '(loopback)' : undefined
      for (const module of ['http_2xx', 'tcp_connect', 'icmp', 'dns_udp', 'of%20the%20file'])
        await is('is link-local', module === 'tcp_connect' ? '169.254.1.1:80' : '169.254.1.1', module)
      // Other ways to write it are the resolver's.
      await is('is link-local', '0xa9fe0101:80', 'tcp_connect')
      await is(own ?? 'is link-local', redirecting, 'http_2xx')
      await is(own ?? 'seen', silent, 'tcp_connect')
      await is(own ?? 'seen', `localhost:${silent.split(':')[1]}`, 'tcp_connect')
      if (own) await is('unspecified', '0.0.0.0:80', 'tcp_connect')
    }
  })

  it('answers over HTTP, in the format that is asked for', async () => {
    const app = routeFor('operator')
    const ask = (query: string, headers = {}) => app.inject({ url: `/probe?${query}`, headers })
    const fine = await ask(`target=${silent}&module=tcp_connect`, { accept: 'application/openmetrics-text' })
    assert.equal(fine.statusCode, 200)
    assert.match(fine.headers['content-type'] as string, /^application\/openmetrics-text/)
    assert.ok(fine.body.endsWith('# EOF\n'))
    assert.equal((await ask('target=x&module=nope')).statusCode, 400)
    assert.equal((await ask('module=icmp')).statusCode, 400)
    const twice = await ask(`target=${silent}&target=y&module=tcp_connect`)
    assert.match(twice.body, /^probe_success 1$/m)
    const header = { 'x-prometheus-scrape-timeout-seconds': 'soon' }
    assert.equal((await ask(`target=${silent}`, header)).statusCode, 500)
    await app.close()
  })
})
