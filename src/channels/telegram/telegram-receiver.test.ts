import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { ActionAnswer, ChannelAction, ChannelTrouble } from '#core/channel.ts'
import { systemRandom } from '#lib/time/chance.ts'
import { troubleInEnglish } from '#templates/delivery-outcome-view.ts'
import { type BotApi, createBotApi } from '../../../test/fixtures/servers/bot-api.ts'
import { systemTime } from '../../../test/fixtures/system-time.ts'
import { callbackData, telegramReceiver } from './telegram-receiver.ts'

const TOKEN = '12:ab-CD_secret'
const DATA = callbackData({ kind: 'acknowledge', token: '7.AAAAAAAAAAAAAAAAAAAAAA' })

/** A receiver for two chats of one bot, ended with the test. */
const start = async (
  t: TestContext,
  prepare: (api: BotApi) => void,
  answer: ActionAnswer = { text: 'Acknowledged: Laura P.', changed: true },
) => {
  const api = await createBotApi()
  prepare(api)
  const controller = new AbortController()
  const actions: (ChannelAction & { chat: string | number })[] = []
  const troubles: (string | undefined)[] = []
  const inbox = (chat_id: string | number) => ({
    options: { bot_token: TOKEN, chat_id, api_url: api.url },
    onAction: async (action: ChannelAction) => {
      actions.push({ ...action, chat: chat_id })
      return answer
    },
  })
  const { signal } = controller
  const onTrouble = (trouble: ChannelTrouble | undefined) => void troubles.push(trouble && troubleInEnglish(trouble))
  const done = telegramReceiver.run([inbox('-1001'), inbox('@noc')], {
    signal,
    environment: {},
    ...systemTime,
    random: systemRandom,
    onTrouble,
  })
  const stop = async () => {
    controller.abort()
    await done
  }
  t.after(async () => {
    await stop()
    await api.close()
  })
  /** The poll that says that everything before this update has been dealt with. */
  const confirmed = (id: number) =>
    api.called(({ method, parameters }) => method === 'getUpdates' && Number(parameters.offset) > id)
  return { api, actions, troubles, stop, confirmed }
}

describe('telegram receiver', () => {
  it('hears who pressed what, answers them, and says it in the thread', async (t) => {
    const { api, actions, confirmed } = await start(t, (bot) => bot.press(5, DATA))
    await confirmed(5)
    assert.deepEqual(actions, [
      { kind: 'acknowledge', token: '7.AAAAAAAAAAAAAAAAAAAAAA', by: 'Laura P.', accounts: ['7'], chat: '-1001' },
    ])
    assert.deepEqual(api.of('answerCallbackQuery'), [{ callback_query_id: 'q5', text: 'Acknowledged: Laura P.' }])
    const [said] = api.of('sendMessage')
    assert.deepEqual([said!.chat_id, said!.text], [-1001, 'Acknowledged: Laura P.'])
    assert.deepEqual(said!.reply_parameters, { message_id: 42, allow_sending_without_reply: true })
    const [poll] = api.of('getUpdates')
    assert.deepEqual([poll!.timeout, poll!.allowed_updates], [50, ['callback_query']])
    assert.ok(api.calls.every(({ token }) => token === TOKEN))
  })

  it('knows a public channel by its name', async (t) => {
    const silence = callbackData({ kind: 'silence', token: '7.AAAAAAAAAAAAAAAAAAAAAA' })
    const { actions, confirmed } = await start(t, (bot) =>
      bot.press(1, silence, { chat: { id: -100777, username: 'NOC' } }),
    )
    await confirmed(1)
    assert.deepEqual(
      actions.map(({ kind, chat }) => [kind, chat]),
      [['silence', '@noc']],
    )
  })

  it('lets nobody act from another chat, nor with what it never wrote', async (t) => {
    const { api, actions, confirmed } = await start(t, (bot) => {
      bot.press(1, DATA, { chat: { id: -1002 } })
      bot.press(2, 'a:7')
      bot.press(3, 'x:7.AAAA')
      bot.press(4, undefined)
      bot.push({ update_id: 5, message: { text: DATA, chat: { id: -1001 } } })
      bot.push({ update_id: 6, callback_query: { id: 'q6', data: DATA } })
      bot.push({ update_id: 7, callback_query: 'nonsense' })
    })
    await confirmed(7)
    assert.deepEqual(actions, [])
    assert.deepEqual(api.of('sendMessage'), [])
    assert.equal(api.of('answerCallbackQuery').length, 4)
  })

  it('tells only who pressed when nothing changed', async (t) => {
    const answer = { text: 'It is over already.', changed: false }
    const { api, confirmed } = await start(t, (bot) => bot.press(9, DATA), answer)
    await confirmed(9)
    assert.deepEqual(api.of('answerCallbackQuery'), [{ callback_query_id: 'q9', text: 'It is over already.' }])
    assert.deepEqual(api.of('sendMessage'), [])
  })

  it('waits trouble out, and names it without the token', async (t) => {
    const { api, troubles, actions, confirmed } = await start(t, (bot) => {
      bot.failNext({
        status: 409,
        body: '{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request"}',
      })
      bot.press(1, DATA)
    })
    await confirmed(1)
    assert.match(troubles[0]!, /Conflict.*a bot of its own/)
    assert.equal(troubles[1], undefined)
    assert.ok(!JSON.stringify(troubles).includes(TOKEN))
    assert.equal(actions.length, 1)
    assert.ok(api.calls.length > 2)
  })

  it('ends at once when it is told to, in the middle of a poll', async (t) => {
    const { api, stop } = await start(t, () => {})
    await api.called(({ method }) => method === 'getUpdates')
    await stop()
    assert.equal(api.calls.length, 1)
  })

  it('shares one listener among the chats of one bot', () => {
    const { key } = telegramReceiver
    assert.equal(key({ bot_token: 'a', chat_id: 1 }), key({ bot_token: 'a', chat_id: 2 }))
    assert.notEqual(key({ bot_token: 'a', chat_id: 1 }), key({ bot_token: 'b', chat_id: 1 }))
  })

  it('keeps what a button carries within 64 bytes', () => {
    const token = `${Number.MAX_SAFE_INTEGER}.${'A'.repeat(22)}`
    assert.ok(callbackData({ kind: 'acknowledge', token }).length <= 64)
  })
})
