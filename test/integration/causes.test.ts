import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createServer as createTls } from 'node:tls'
import type { MonitorSpec } from '#core/monitor/monitor.ts'
import { sayCause } from '../../web/src/components/say-cause.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { expired } from '../fixtures/servers/certificates.ts'
import { createDnsServer, type DnsServer } from '../fixtures/servers/dns-server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

/** A port of this machine on which nothing listens, by TCP and by UDP. */
const closedPort = async (): Promise<number> => {
  const udp = createSocket('udp4').bind(0, '127.0.0.1')
  await once(udp, 'listening')
  const { port } = udp.address()
  udp.close()
  return port
}

interface Case {
  readonly type: string
  readonly options: object
  readonly code: string
  readonly en: string
  readonly es: string
}

describe('causes of real looks, in both languages', () => {
  let folder: string
  let start: () => Promise<TestServer>
  let api: TestServer
  let sink: HttpSink
  let dns: DnsServer
  let cases: Readonly<Record<string, Case>>
  const tls = createTls(expired, (socket) => void socket.on('error', () => {}))

  before(async () => {
    const closed = await closedPort()
    sink = await createHttpSink()
    dns = await createDnsServer((name) => (name === 'here.test' ? { a: ['127.0.0.1'] } : { rcode: 3 }))
    tls.listen(0, '127.0.0.1')
    await once(tls, 'listening')
    const secure = (tls.address() as AddressInfo).port
    const place = `127.0.0.1:${closed}`
    const http = new URL(sink.url).host
    cases = {
      refused: {
        type: 'tcp',
        options: { host: '127.0.0.1', port: closed },
        code: 'connection_refused',
        en: `connection to ${place} refused`,
        es: `conexión a ${place} rechazada`,
      },
      status: {
        type: 'http',
        options: { url: sink.url, status: 418 },
        code: 'status_mismatch',
        en: `${http} answered 200, expected 418`,
        es: `${http} respondió 200; se esperaba 418`,
      },
      keyword: {
        type: 'http',
        options: { url: sink.url, contains: '{target} $1 $& {words}' },
        code: 'keyword_missing',
        en: 'the answer does not contain "{target} $1 $& {words}"',
        es: 'la respuesta no contiene "{target} $1 $& {words}"',
      },
      name: {
        type: 'dns',
        options: { name: 'gone.test', resolver: `127.0.0.1:${dns.port}` },
        code: 'name_missing',
        en: 'gone.test does not exist',
        es: 'gone.test no existe',
      },
      resolver: {
        type: 'dns',
        options: { name: 'here.test', resolver: place },
        code: 'refused',
        en: `the resolver ${place} refused the connection`,
        es: `el servidor DNS ${place} rechazó la conexión`,
      },
      certificate: {
        type: 'tls',
        options: { host: '127.0.0.1', port: secure },
        code: 'certificate_ended',
        en: 'the certificate of 127.0.0.1 expired on DATE',
        es: 'el certificado de 127.0.0.1 venció el DATE',
      },
      multicast: {
        type: 'icmp',
        options: { host: '224.0.0.1' },
        code: 'not_pingable',
        en: '224.0.0.1 cannot be pinged: it is a multicast address',
        es: '224.0.0.1 no se puede sondear con ping: es una dirección multicast',
      },
    }
    const monitors = Object.entries(cases).map(([name, { type, options }]) =>
      fileMonitor(name, {
        type,
        options: options as MonitorSpec['options'],
        intervalMs: 1000,
        timeoutMs: 5000,
        channels: ['hook', 'english', 'spanish'],
      }),
    )
    const chat = (name: string, language: 'en' | 'es') =>
      fileChannel(name, sink.url, { type: 'slack', language, options: { webhook_url: `${sink.url}/${name}` } })
    const channels = [fileChannel('hook', `${sink.url}/hook`), chat('english', 'en'), chat('spanish', 'es')]
    folder = mkdtempSync(join(tmpdir(), 'vigia-causes-'))
    start = () => startTestServer({ wanted: { channels, monitors }, folder })
    api = await start()
  })
  after(async () => {
    await api.stop()
    await sink.close()
    await dns.close()
    tls.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const undated = (text: string) => text.replaceAll(/\d{4}-\d\d-\d\d/g, 'DATE')
  const sent = (path: string) => sink.requests.filter(({ path: to }) => to === path)
  const monitors = async (): Promise<readonly Json[]> => (await api.get('monitors')).items
  const allDown = () =>
    until(async () => {
      const all = await monitors()
      return all.every(({ state }) => state === 'down') && all
    }, 'all of them down')

  it('are a code with facts beside the English sentence, wherever that stands', async () => {
    const check = (name: string, of: Json, where: string) => {
      const { code, en } = cases[name]!
      assert.deepEqual([undated(of.cause), of.cause_code], [en, code], `${name} ${where}`)
      assert.equal(typeof of.cause_facts, 'object', `${name} ${where}`)
    }
    for (const monitor of await allDown()) {
      check(monitor.name, monitor, 'list')
      check(monitor.name, await api.get(`monitors/${monitor.id}`), 'one')
      const { items } = await api.get(`monitors/${monitor.id}/transitions`)
      check(monitor.name, items[0], 'transition')
      const { error } = await api.post(`monitors/${monitor.id}/check`)
      check(monitor.name, { ...error, cause: error.message }, 'look by hand')
    }
    const { items: alerts } = await api.get('alerts')
    assert.equal(alerts.length, Object.keys(cases).length)
    for (const alert of alerts) {
      check(alert.subject, alert, 'alert')
      check(alert.subject, alert.data, 'data of the alert')
      check(alert.subject, await api.get(`events/${alert.last_event}`), 'event')
    }
    await until(async () => sent('/hook').length === alerts.length, 'all messages')
    for (const { body } of sent('/hook')) check(JSON.parse(body).monitor, JSON.parse(body), 'message')
  })

  it('are said by the page in the language of its reader', async () => {
    for (const language of ['en', 'es'] as const) {
      const { items } = await api.get(`phrases?language=${language}`)
      const sentences = new Map<string, string>(items.map(({ code, text }: Json) => [code, text]))
      for (const { name, cause_code, cause_facts } of await allDown())
        assert.equal(undated(sayCause(sentences, cause_code, cause_facts)!), cases[name]![language])
      assert.equal(sayCause(sentences, 'of_tomorrow', {}), undefined)
      assert.equal(sayCause(sentences, 'connection_refused', {}), undefined)
    }
  })

  it('are told in the language of the channel', async () => {
    const names = Object.keys(cases)
    for (const [path, language] of [
      ['/english', 'en'],
      ['/spanish', 'es'],
    ] as const) {
      await until(async () => sent(path).length === names.length, `all messages to ${path}`)
      const texts = undated(
        sent(path)
          .map(({ body }) => JSON.stringify(JSON.parse(body)))
          .join('\n'),
      )
      for (const name of names) {
        // As the chat's own markup has it.
        const words = JSON.stringify(cases[name]![language]).slice(1, -1).replaceAll('&', '&amp;')
        assert.ok(texts.includes(words), `${language} ${words}\n${texts}`)
      }
    }
  })

  it('are kept over a restart, before anybody has looked again', async () => {
    const known = (all: readonly Json[]) =>
      Object.fromEntries(
        all.map(({ name, cause, cause_code, cause_facts }) => [name, { cause, cause_code, cause_facts }]),
      )
    const before = known(await allDown())
    await api.stop()
    api = await start()
    assert.deepEqual(known(await monitors()), before)
  })

  it('are met by conditions of rules as they were', async () => {
    await api.post('rules', {
      name: 'by cause',
      type: 'monitor_state',
      conditions: { cause: { operator: 'contains', value: 'refused' }, cause_code: { '==': 'connection_refused' } },
      severity: 'LOW',
      channels: ['hook'],
    })
    const { items } = await api.get('events?type=monitor_state')
    const event = items.find(({ subject, state }: Json) => subject === 'refused' && state === 'down')
    const { rules } = await api.explain(event.id)
    const found = rules.find(({ rule }: Json) => JSON.stringify(rule).includes('by cause'))
    assert.equal(found.conditions.passed, true)
  })
})
