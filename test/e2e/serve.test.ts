import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { parseMail } from '#cli/demo/mail-parts.ts'
import { receiveNotifications } from '../fixtures/notify-receiver.ts'
import { createHttpSink } from '../fixtures/servers/http-sink.ts'
import { createSmtpSink } from '../fixtures/servers/smtp-sink.ts'
import {
  addressOf,
  bearer,
  createTarget,
  endAll,
  startServe,
  startVigia,
  until,
  writeConfig,
} from './server-process.ts'

const TIMEOUT = { timeout: 60_000 }

interface HookMessage {
  readonly id: string
  readonly reason: string
  readonly subject: string
  readonly since: string
  readonly duration_ms?: number
}

const messagesOf = (sink: Awaited<ReturnType<typeof createHttpSink>>) =>
  sink.requests.map(({ body }) => JSON.parse(body) as HookMessage)

const fast = {
  interval: '200ms',
  timeout: '150ms',
  failures: 2,
  retry_interval: '100ms',
  successes: 2,
  recovery_interval: '100ms',
}
const monitorOf = (name: string, port: number) => ({ name, type: 'tcp', options: { host: '127.0.0.1', port } })

/** A service manager whose watchdog wants to hear of the server ten times a second; none where no system has such sockets. */
const managerIn = (folder: string) => {
  if (process.platform !== 'linux') return [undefined, {}] as const
  const path = join(folder, 'manager.sock')
  return [receiveNotifications(path), { NOTIFY_SOCKET: path, WATCHDOG_USEC: '200000' }] as const
}

describe('vigia serve', () => {
  const folders: string[] = []
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), 'vigia-serve-'))
    folders.push(path)
    return path
  }
  after(() => {
    endAll()
    for (const path of folders) rmSync(path, { recursive: true, force: true })
  })

  it(
    'a kill in the middle of an outage: no second alert, and the recovery comes with the true duration',
    TIMEOUT,
    async () => {
      const place = folder()
      const [target, hook] = [await createTarget(), await createHttpSink()]
      const config = {
        defaults: { ...fast, channels: ['hook'] },
        channels: [{ name: 'hook', type: 'webhook', options: { url: hook.url } }],
        monitors: [monitorOf('shop', target.port())],
      }
      let server = await startServe(place, config)
      await server.said('"to":"up"')
      await target.down()
      const downAt = Date.now()
      await hook.received(1)
      // Before this line a repeat under the same id would be right.
      await server.said('"msg":"delivered"')
      await server.end('SIGKILL')
      server = await startServe(place, config)
      await new Promise((later) => setTimeout(later, 1500))
      await target.up()
      const upAt = Date.now()
      await hook.received(2)
      assert.equal(await server.end('SIGTERM'), 0)
      const messages = messagesOf(hook)
      assert.deepEqual(
        messages.map(({ reason }) => reason),
        ['first', 'resolved'],
      )
      const duration = messages[1]!.duration_ms!
      assert.ok(duration >= 1500 && Math.abs(duration - (upAt - downAt)) < 1500, `${duration} against ${upAt - downAt}`)
      assert.equal(messages[1]!.since, messages[0]!.since)
      await Promise.all([target.down(), hook.close()])
    },
  )

  it('a mail server that is down holds nothing up and loses nothing', TIMEOUT, async () => {
    const [target, reserved] = [await createTarget(), await createSmtpSink()]
    const { port } = reserved
    await reserved.close()
    const server = await startServe(folder(), {
      server: { language: 'es' },
      defaults: { ...fast, channels: ['mail'] },
      channels: [
        {
          name: 'mail',
          type: 'email',
          options: {
            to: ['noc@isp.example', 'guardia@isp.example'],
            from: 'vigia@isp.example',
            smtp: { host: '127.0.0.1', port, security: 'none' },
          },
        },
      ],
      monitors: [{ ...monitorOf('tienda', target.port()), location: 'Rack 2' }],
    })
    await server.said('"to":"up"')
    await target.down()
    await server.said('delivery will be retried')
    const sink = await createSmtpSink({ port })
    await sink.received(1)
    await target.up()
    await sink.received(2)
    await server.end('SIGTERM')
    const [down, up] = sink.mails.map(({ raw }) => parseMail(raw))
    assert.match(down!.headers.subject![0]!, /^CAÍDO tienda · \d\d:\d\d$/)
    assert.match(down!.text!, /no responde desde las/)
    assert.match(down!.html!, /Rack 2/)
    assert.match(up!.headers.subject![0]!, /^RECUPERADO tienda · estuvo caído/)
    assert.ok(up!.headers.references || up!.headers['in-reply-to'], 'the recovery is threaded to its problem')
    assert.equal(sink.mails.length, 2)
    await Promise.all([target.down(), sink.close()])
  })

  it(
    'takes over a changed file, refuses a bad one with its place, and keeps running; its service manager hears of it',
    TIMEOUT,
    async () => {
      const place = folder()
      const target = await createTarget()
      const [manager, socket] = managerIn(place)
      const server = await startServe(place, { defaults: fast, monitors: [monitorOf('a', target.port())] }, socket)
      const file = join(place, 'vigia.yaml')
      writeFileSync(
        file,
        `defaults: { interval: 200ms }\nmonitors:\n  - { name: a, type: tcp, options: { host: 127.0.0.1, prt: 22 } }\n`,
      )
      await server.said(/vigia\.yaml:3:\d+: prt is not known here, did you mean port\?/)
      const before = server.log().length
      writeConfig(place, { defaults: fast, monitors: [monitorOf('a', target.port()), monitorOf('b', target.port())] })
      await server.said('configuration taken over', before)
      await server.said('"monitor":"b","from":"unknown","to":"up"', before)
      const url = { url: 'https://vigia.example' }
      writeConfig(place, {
        defaults: fast,
        server: url,
        monitors: [monitorOf('a', target.port()), monitorOf('b', target.port())],
      })
      await server.said('"settings":["server.url"],"msg":"these settings take effect at the next start"', before)
      const again = server.log().length
      server.child.kill('SIGHUP')
      await server.said('configuration taken over', again)
      const list = await fetch(`${addressOf(server)}/api/v1/monitors`, { headers: bearer(place) })
      const { items } = (await list.json()) as { items: { name: string }[] }
      assert.deepEqual(
        items.map(({ name }) => name),
        ['a', 'b'],
      )
      assert.equal((await fetch(`${addressOf(server)}/healthz`)).status, 200)
      await until(async () => (await fetch(`${addressOf(server)}/readyz`)).status === 200)
      assert.equal(await server.end('SIGINT'), 0)
      const heard = (manager?.messages() ?? []).map((message) => message.replace(/, page at.*/, ''))
      if (manager)
        assert.deepEqual(
          [...new Set(heard)],
          [
            'EXTEND_TIMEOUT_USEC=120000000',
            'STATUS=watching 1 monitors',
            'READY=1',
            'WATCHDOG=1',
            'STATUS=watching 2 monitors',
            'STOPPING=1',
          ],
        )
      manager?.close()
      await target.down()
    },
  )

  it('a port in use, a port that is none and a bad file are one clear line each', TIMEOUT, async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const refused = async (
      args: readonly string[],
      text: RegExp,
      { code = 2, LC_ALL = 'C', place = folder() } = {},
    ) => {
      const server = startVigia(place, ['serve', ...args], { LC_ALL })
      const [ended] = (await once(server.child, 'exit')) as [number]
      assert.equal(ended, code)
      assert.match(server.log(), text)
      assert.doesNotMatch(server.log(), /\n\s+at /)
    }
    await refused(
      ['--port', String(port)],
      new RegExp(`^vigia: 127\\.0\\.0\\.1:${port} is in use by another program\\. .*--port ${port + 1}\\.\\n$`),
    )
    await refused(['--port', 'x'], /--port x: not a port/)
    await refused(['--config', 'missing.yaml'], /missing\.yaml:1:1: the file does not exist/)
    // Before a file says in which language, it is that of who calls.
    await refused(['--config', 'missing.yaml'], /missing\.yaml:1:1: el archivo no existe/, { LC_ALL: 'es_AR.UTF-8' })
    const place = folder()
    mkdirSync(join(place, 'data'))
    writeFileSync(join(place, 'data', 'vigia.lock'), `${process.pid} `)
    writeFileSync(join(place, 'es.yaml'), 'server: { language: es }\n')
    const inUse = new RegExp(`data está en uso por el proceso ${process.pid}\\. Detenga primero ese proceso`)
    await refused(['--config', 'es.yaml', '--port', '0'], inUse, { code: 1, place })
    taken.close()
  })

  it('a push monitor is up when called, down when the call stays away', TIMEOUT, async () => {
    const place = folder()
    const hook = await createHttpSink()
    const server = await startServe(place, {
      defaults: { channels: ['hook'] },
      channels: [{ name: 'hook', type: 'webhook', options: { url: hook.url } }],
      monitors: [{ name: 'backup', type: 'push', options: { period: '1s', grace: '500ms' } }],
    })
    const url = /push URL.*?(\/push\/[\w-]+)/.exec(server.log())?.[1]
    assert.ok(url, 'the log names the push URL')
    assert.equal((await fetch(`${addressOf(server)}/push/nonsense`)).status, 404)
    assert.equal((await fetch(`${addressOf(server)}${url}`, { method: 'POST', body: 'done' })).status, 200)
    await server.said('"to":"up"')
    await hook.received(1)
    assert.equal((await fetch(`${addressOf(server)}${url}`)).status, 200)
    await hook.received(2)
    await server.end('SIGTERM')
    assert.deepEqual(
      messagesOf(hook).map(({ reason }) => reason),
      ['first', 'resolved'],
    )
    await hook.close()
  })
})
