import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { ChannelSpec } from '#core/message/channel-spec.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { type BotApi, createBotApi } from '../fixtures/servers/bot-api.ts'
import { createDnsServer, createNameFiles, type DnsServer, serverLine } from '../fixtures/servers/dns-server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'
import { createSmtpSink, type SmtpSink } from '../fixtures/servers/smtp-sink.ts'

const SILENT_EACH = 8

const listen = async (): Promise<{ readonly server: Server; readonly port: number }> => {
  const server = createServer((socket) => socket.on('error', () => {}).end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

describe('while names are silent', { concurrency: true }, () => {
  describe('deliveries by name', { concurrency: false }, () => {
    let silent = false
    let dns: DnsServer
    let files: ReturnType<typeof createNameFiles>
    let hook: HttpSink
    let slack: HttpSink
    let beats: HttpSink
    let mail: SmtpSink
    let bot: BotApi
    let api: TestServer

    /** One channel of each kind, at servers of that name. */
    const channelsAt = (name: string): readonly ChannelSpec[] => {
      const at = (kind: string) => `${name === '' ? '' : `${name}-`}${kind}.test`
      const options = {
        webhook: { url: `http://${at('hook')}:${hook.port}/` },
        slack: { webhook_url: `http://${at('slack')}:${slack.port}/services/T/B/X` },
        telegram: { api_url: `http://${at('telegram')}:${new URL(bot.url).port}`, bot_token: '1:a', chat_id: '-1001' },
        email: {
          to: ['noc@isp.example'],
          from: 'vigia@isp.example',
          smtp: { host: at('mail'), port: mail.port, security: 'none' },
        },
      }
      return Object.entries(options).map(([type, one]) =>
        fileChannel(`${name || 'good'} ${type}`, '', { type, options: one as never }),
      )
    }

    before(async () => {
      dns = await createDnsServer((name) =>
        silent || name.startsWith('mute') ? undefined : { a: ['127.0.0.1'], ttl: 5 },
      )
      files = createNameFiles({ resolvConf: serverLine(dns) })
      hook = await createHttpSink()
      slack = await createHttpSink({ answer: () => ({ body: 'ok' }) })
      beats = await createHttpSink()
      mail = await createSmtpSink({ security: 'none' })
      bot = await createBotApi()
      const good = channelsAt('')
      const mute = Array.from({ length: SILENT_EACH }, (_, index) => channelsAt(`mute-${index}`)).flat()
      const channels = [...mute, ...good]
      api = await startTestServer({
        nameFiles: files.files,
        retry: { baseMs: 500, capMs: 500, giveUpAfterMs: 60_000 },
        wanted: {
          channels,
          monitors: [fileMonitor('job', { channels: channels.map(({ name }) => name) })],
          heartbeat: { url: `http://beat.test:${beats.port}/ping`, everyMs: 500 },
        },
      })
    })
    after(async () => {
      await api.stop()
      await Promise.all([hook.close(), slack.close(), beats.close(), bot.close(), dns.close()])
      files.remove()
    })

    const counts = () => [hook.requests.length, slack.requests.length, mail.mails.length, bot.of('sendMessage').length]
    const told = (count: number) => until(async () => counts().every((one) => one >= count), `${count} of each kind`)

    it('reach mail, Telegram, Slack and webhooks beside thirty-two channels whose names are never answered', async () => {
      await api.push('job')
      await api.push('job', true)
      await told(1)
      assert.deepEqual(counts(), [1, 1, 1, 1])
      // Nothing of the others is lost, and nothing was sent to them.
      const { items } = await api.get('notifications?limit=100')
      const waiting = (items as Json[]).filter(({ channel }) => String(channel).startsWith('mute'))
      assert.ok(waiting.every(({ status }) => status !== 'delivered'))
      await beats.received(1)
    })

    it('go on by last known addresses while no resolver answers, those to whom nobody looks meanwhile too', async () => {
      silent = true
      // The answers' time is over when they are asked for next.
      await new Promise((later) => setTimeout(later, 5500))
      await api.push('job')
      await told(2)
      assert.deepEqual(counts(), [2, 2, 2, 2])
      const before = beats.requests.length
      await beats.received(before + 2)
      assert.doesNotMatch(api.log(), /heartbeat: not sent/)
    })

    it('say of a delivery that failed that it went by such an address', async () => {
      await mail.close()
      await api.push('job', true)
      await until(async () =>
        /mail\.test:\d+ refused the connection\. It was tried by the last known address of mail\.test\./.test(
          api.log(),
        ),
      )
    })
  })

  describe('witnesses by name while no resolver answers', { concurrency: false }, () => {
    let silent = false
    let dns: DnsServer
    let files: ReturnType<typeof createNameFiles>
    let sink: HttpSink
    let seen: Awaited<ReturnType<typeof listen>>
    let target: Awaited<ReturnType<typeof listen>>
    let api: TestServer
    before(async () => {
      dns = await createDnsServer(() => (silent ? undefined : { a: ['127.0.0.1'], ttl: 5 }))
      files = createNameFiles({ resolvConf: serverLine(dns) })
      sink = await createHttpSink()
      seen = await listen()
      target = await listen()
      const tcp = (host: string, port: number) => ({
        type: 'tcp',
        options: { host, port },
        intervalMs: 1000,
        timeoutMs: 900,
      })
      const witnesses = ['one.test', 'two.test'].map((host) => fileMonitor(`witness ${host}`, tcp(host, seen.port)))
      api = await startTestServer({
        nameFiles: files.files,
        wanted: {
          channels: [fileChannel('hook', sink.url)],
          monitors: [...witnesses, fileMonitor('by number', { ...tcp('127.0.0.1', target.port), channels: ['hook'] })],
          witnesses: { monitors: witnesses.map(({ name }) => name), blindIf: 2, holdMs: 30_000 },
        },
      })
    })
    after(async () => {
      await api.stop()
      await sink.close()
      await dns.close()
      seen.server.close()
      files.remove()
    })

    it('are looked at by their last known addresses, and go on telling an outage from our own blindness', async () => {
      const witnesses = async (): Promise<Json[]> =>
        (await api.get('monitors')).items.filter(({ name }: Json) => name.startsWith('witness'))
      await until(async () => (await api.get('monitors')).items.every(({ state }: Json) => state === 'up'))
      silent = true
      await until(async () => (await witnesses()).every((one) => one.addresses_from === 'last known'))
      target.server.close()
      const [message] = await until(async () => sink.requests.length > 0 && sink.requests)
      const { monitor, reason, state } = JSON.parse(message!.body)
      assert.deepEqual([monitor, reason, state], ['by number', 'first', 'down'])
      assert.deepEqual(
        (await witnesses()).map(({ state }) => state),
        ['up', 'up'],
      )
      assert.deepEqual((await api.get('events?type=vigia_blind')).items, [])
    })
  })
})
