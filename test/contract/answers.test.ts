import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { channelTypes } from '#channels/index.ts'
import type { SendContext } from '#core/channel.ts'
import { testMessage } from '#pipeline/tell/write.ts'
import { renderMessage } from '#templates/render.ts'
import { createHttpSink, type HttpAnswer } from '../fixtures/servers/http-sink.ts'
import { systemTime } from '../fixtures/system-time.ts'

const place = { language: 'en', timeZone: 'UTC', now: 0 } as const
const rendered = renderMessage(testMessage(0), place)
const PORTAL: HttpAnswer = {
  headers: { 'content-type': 'text/html' },
  body: '<html>Please sign in to the hotspot</html>',
}

const send = async (t: TestContext, type: string, options: (url: string) => object, answer: HttpAnswer) => {
  const sink = await createHttpSink({ answer: () => answer })
  t.after(() => sink.close())
  const context: SendContext = {
    signal: new AbortController().signal,
    timeoutMs: 20_000,
    environment: {},
    ...systemTime,
    references: [],
  }
  return channelTypes.get(type)!.send(rendered, options(sink.url) as never, context)
}

const CHATS: Readonly<Record<string, { options: (url: string) => object; taken: readonly HttpAnswer[] }>> = {
  telegram: {
    options: (url) => ({ bot_token: '1:a', chat_id: '1', api_url: url }),
    taken: [{ body: '{"ok":true,"result":{"message_id":4}}' }],
  },
  slack: {
    options: (url) => ({ webhook_url: `${url}/services/T` }),
    taken: [{ body: 'ok' }, { body: 'ok\n' }, { body: '{"success":true}' }],
  },
  'slack by a bot': {
    options: (url) => ({ bot_token: 'xoxb-1', channel: 'C1', api_url: url }),
    taken: [{ body: '{"ok":true,"channel":"C1","ts":"1.2"}' }],
  },
  discord: {
    options: (url) => ({ webhook_url: `${url}/api/webhooks/1/a` }),
    taken: [{ status: 204, body: '' }, { body: '{"type":0,"id":"42"}' }],
  },
}

describe('what counts as delivered', () => {
  for (const [name, { options, taken }] of Object.entries(CHATS)) {
    const type = name.split(' ')[0]!

    it(`${name}: what the service itself says`, async (t) => {
      for (const answer of taken) assert.ok((await send(t, type, options, answer)).ok, JSON.stringify(answer))
    })

    it(`${name}: no page of a network that stands between, whatever its status says`, async (t) => {
      for (const answer of [PORTAL, { body: '' }, { body: '{"ok":false}' }, { body: '{}' }]) {
        const outcome = await send(t, type, options, answer)
        assert.ok(!outcome.ok, JSON.stringify(answer))
        assert.deepEqual([outcome.kind, outcome.reason], ['transient', 'bad_answer'])
      }
    })

    it(`${name}: the word that counts, also where the rest never comes`, async (t) => {
      const answer = taken.at(-1)!
      if (answer.body) assert.ok((await send(t, type, options, { ...answer, endless: 'silent' })).ok)
    })
  }

  for (const type of ['webhook', 'alertmanager'])
    for (const endless of ['silent', 'flood'] as const)
      it(`${type}: a status of success, where the body is ${endless} and never ends`, async (t) => {
        const outcome = await send(t, type, (url) => ({ url }), { body: 'thank you ', endless })
        assert.ok(outcome.ok, JSON.stringify(outcome))
        assert.match(outcome.response!, /^thank you/)
      })

  it('webhook: the text that is expected, where one is', async (t) => {
    const options = (url: string) => ({ url, expect: '"errcode":0' })
    assert.ok((await send(t, 'webhook', options, { body: '{"errcode":0}' })).ok)
    const outcome = await send(t, 'webhook', options, { body: '{"errcode":310000}' })
    assert.deepEqual(
      [outcome.ok, !outcome.ok && outcome.kind, !outcome.ok && outcome.reason],
      [false, 'transient', 'bad_answer'],
    )
  })
})
