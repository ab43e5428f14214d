import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { createBotApi } from '../fixtures/servers/bot-api.ts'
import { createHttpSink } from '../fixtures/servers/http-sink.ts'
import { addressOf, bearer, createTarget, endAll, startServe, until } from './server-process.ts'

const TIMEOUT = { timeout: 60_000 }
const fast = {
  interval: '200ms',
  timeout: '150ms',
  failures: 2,
  retry_interval: '100ms',
  successes: 2,
  recovery_interval: '100ms',
}

describe('vigia serve, where people are', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-chat-'))
  after(() => {
    endAll()
    rmSync(folder, { recursive: true, force: true })
  })

  it(
    'a button and a link acknowledge, the next ones are told, and the end changes the first post',
    TIMEOUT,
    async () => {
      const [target, api, hook] = [await createTarget(), await createBotApi(), await createHttpSink()]
      const server = await startServe(folder, {
        server: { url: 'https://vigia.example', time_zone: 'UTC' },
        defaults: { ...fast, channels: ['oncall'] },
        channels: [
          { name: 'oncall', type: 'telegram', options: { api_url: api.url, bot_token: '12:ab-CD', chat_id: -1001 } },
          { name: 'hook', type: 'webhook', options: { url: hook.url } },
        ],
        escalation: [{ after: '1s', severity: 'HIGH', channels: ['hook'] }],
        monitors: [
          { name: 'shop', type: 'tcp', severity: 'HIGH', options: { host: '127.0.0.1', port: target.port() } },
        ],
      })
      await server.said('"to":"up"')
      await target.down()
      const { parameters: post } = await api.called(({ method }) => method === 'sendMessage')
      const keyboard = (post.reply_markup as { inline_keyboard: { callback_data: string }[][] }).inline_keyboard
      const { callback_data: data } = keyboard[0]![0]!

      await hook.received(1)
      const escalated = JSON.parse(hook.requests[0]!.body)
      assert.equal(escalated.reason, 'escalated')
      assert.match(escalated.message, /^STILL DOWN shop · \d+ s · not acknowledged$/)
      assert.equal(escalated.ack_url, `https://vigia.example/ack/${data.slice(2)}`)

      const link = `${addressOf(server)}/ack/${data.slice(2)}`
      assert.match(await (await fetch(link)).text(), /DOWN shop.*<form/s)
      const done = await fetch(link, { method: 'POST', body: new URLSearchParams({ name: 'Martín', for: '1h' }) })
      assert.match(await done.text(), /Acknowledged: Martín \(by link\)/)

      api.press(1, data)
      const isSaid = ({ method, parameters }: { method: string; parameters: Record<string, unknown> }) =>
        method === 'sendMessage' && String(parameters.text).startsWith('Acknowledged: Laura P. (oncall)')
      await api.called(isSaid)
      const headers = bearer(folder)
      const alerts = (await (await fetch(`${addressOf(server)}/api/v1/alerts`, { headers })).json()) as {
        items: { status: string; acknowledgement: { by: string } }[]
      }
      assert.deepEqual(
        alerts.items.map(({ status, acknowledgement }) => [status, acknowledgement.by]),
        [['acknowledged', 'Laura P. (oncall)']],
      )

      await target.up()
      const { parameters: edit } = await api.called(({ method }) => method === 'editMessageText')
      assert.match(String(edit.text), /RECOVERED shop.*Acknowledged: Laura P\. \(oncall\)/s)
      await hook.received(2)
      assert.equal(JSON.parse(hook.requests[1]!.body).reason, 'resolved')
      await until(() => api.of('getUpdates').length > 1)
      assert.equal(await server.end('SIGTERM'), 0)
      assert.ok(!server.log().includes('12:ab-CD'))
      await Promise.all([target.down(), api.close(), hook.close()])
    },
  )
})
