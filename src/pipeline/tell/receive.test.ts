import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { type Alert, newAlert } from '#core/alert/alert.ts'
import type { Attended } from '#core/alert/attention.ts'
import { because } from '#core/cause/cause.ts'
import { type ChannelType, defineChannel, type Inbox, type ReceiveContext } from '#core/channel.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import { Type } from '#lib/schema.ts'
import { systemRandom } from '#lib/time/chance.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { systemTime } from '../../../test/fixtures/system-time.ts'
import { createAct, createReceivers } from './receive.ts'

const channel = (id: number, account: string, changes: Partial<Channel> = {}): Channel => ({
  id,
  name: `chat ${id}`,
  type: 'fake',
  options: { account },
  enabled: true,
  origin: 'vigia.yaml:1',
  ...changes,
})

interface Session {
  readonly account: string
  readonly inboxes: readonly Inbox<{ readonly account: string }>[]
  readonly context: ReceiveContext
}

const start = (t: TestContext) => {
  const log: string[] = []
  const sessions: Session[] = []
  const fake = defineChannel({
    name: 'fake',
    title: 'Fake',
    'x-es': { title: 'Falso' },
    options: Type.Object({ account: Type.String() }),
    audience: 'people',
    concurrency: 1,
    describe: () => 'nowhere',
    send: async () => ({ ok: true }),
    receiver: {
      key: ({ account }) => account,
      run: async (inboxes, context) => {
        const { account } = inboxes[0]!.options
        log.push(`start ${account} for ${inboxes.length}`)
        sessions.push({ account, inboxes, context })
        await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve()))
        log.push(`end ${account}`)
      },
    },
  })
  const deaf = { ...fake, name: 'deaf', receiver: undefined } as unknown as ChannelType
  let configured: readonly Channel[] = []
  const troubles: unknown[] = []
  const receivers = createReceivers({
    channelTypes: new Map([
      ['fake', fake as ChannelType],
      ['deaf', deaf],
    ]),
    channels: () => configured,
    timers: systemTimers,
    act: async ({ name }, { by }) => ({ text: `${name} ${by}`, changed: true }),
    contextOf: () => ({ environment: {}, ...systemTime, random: systemRandom }),
    onTrouble: (names, trouble) => troubles.push([names, trouble]),
    onBug: (error) => troubles.push(error),
  })
  t.after(() => receivers.stop())
  const use = (...channels: readonly Channel[]) => {
    configured = channels
    return receivers.sync()
  }
  return { log, sessions, troubles, use, stop: receivers.stop }
}

describe('receivers', () => {
  it('one per account, for channels that are on, can be opened and can hear', async (t) => {
    const { log, use } = start(t)
    await use(
      channel(1, 'a'),
      channel(2, 'a'),
      channel(3, 'b'),
      channel(4, 'c', { enabled: false }),
      channel(5, 'd', { locked: true }),
      channel(6, 'e', { type: 'deaf' }),
    )
    assert.deepEqual(log, ['start a for 2', 'start b for 1'])
  })

  it('goes on undisturbed where nothing changed, and ends before it begins anew', async (t) => {
    const { log, use, stop } = start(t)
    await use(channel(1, 'a'), channel(2, 'b'))
    await use(channel(1, 'a'), channel(2, 'b', { language: 'es' }))
    assert.deepEqual(log, ['start a for 1', 'start b for 1', 'end b', 'start b for 1'])
    await use(channel(2, 'b', { language: 'es' }))
    assert.equal(log.at(-1), 'end a')
    await stop()
    await use(channel(1, 'a'))
    assert.equal(log.at(-1), 'end b')
  })

  it('hands an action to the channel where it was done', async (t) => {
    const { sessions, use } = start(t)
    await use(channel(1, 'a'), channel(2, 'a'))
    const answer = await sessions[0]!.inboxes[1]!.onAction({ kind: 'acknowledge', token: 'x', by: 'Laura' })
    assert.deepEqual(answer, { text: 'chat 2 Laura', changed: true })
  })

  it('tells of trouble when it begins, changes and ends, not each time', async (t) => {
    const { sessions, troubles, use } = start(t)
    await use(channel(1, 'a'))
    const { onTrouble } = sessions[0]!.context
    for (const words of [undefined, 'no route', 'no route', 'refused', undefined, undefined])
      onTrouble(words === undefined ? undefined : { cause: because('as_said', { words }) })
    assert.deepEqual(troubles, [
      [['chat 1'], 'no route'],
      [['chat 1'], 'refused'],
      [['chat 1'], undefined],
    ])
  })
})

describe('an action', () => {
  const NOW = Date.parse('2026-03-01T03:20:00Z')
  const alert = (changes: Partial<Alert> = {}): Alert => ({
    id: 7,
    ...newAlert({
      fingerprint: 'x',
      ruleId: null,
      monitorId: 1,
      subject: 'web',
      severity: 'HIGH',
      since: 0,
      openedAt: 0,
      updatedAt: 0,
      lastEventId: null,
      resolveAt: null,
      data: {},
    }),
    ...changes,
  })
  const act = (attended: Attended, asked: unknown[] = []) =>
    createAct({
      attention: {
        acknowledge: async (by, id, request) => {
          asked.push([by, id, request])
          return attended
        },
        silence: async (by, id, forMs) => {
          asked.push([by, id, forMs])
          return attended
        },
        view: async () => undefined,
      },
      alertOfToken: (token) => (token === 'good' ? 7 : undefined),
      now: () => NOW,
      place: () => ({ language: 'en', timeZone: 'UTC' }),
      personWho: ({ accounts }) => (accounts.includes('4711') ? 'Laura Paz' : undefined),
    })

  it('is that of the person whose account pressed, where it is known', async () => {
    const asked: unknown[] = []
    const press = { kind: 'acknowledge', token: 'good', by: 'whatever', accounts: ['4711', 'laura'] } as const
    await act({ alert: alert({ acknowledgedBy: 'Laura Paz' }), changed: true }, asked)(channel(1, 'a'), press)
    assert.deepEqual(asked, [
      [{ actor: 'fake:Laura Paz', name: 'Laura Paz', address: null }, 7, { note: '', until: null }],
    ])
  })

  it('acknowledges until the alert ends, by the person and the channel', async () => {
    const asked: unknown[] = []
    const taken = alert({ acknowledgedAt: NOW, acknowledgedBy: 'Laura (chat 1)' })
    const answer = await act({ alert: taken, changed: true }, asked)(channel(1, 'a'), {
      kind: 'acknowledge',
      token: 'good',
      by: 'Laura',
    })
    const laura = { actor: 'fake:Laura (chat 1)', name: 'Laura (chat 1)', address: null }
    assert.deepEqual(asked, [[laura, 7, { note: '', until: null }]])
    assert.deepEqual(answer, { text: 'Acknowledged: Laura (chat 1) at 03:20.', changed: true })
  })

  it('silences for an hour, and says so in the channel’s language and zone', async () => {
    const attended = { alert: alert(), changed: true, silencedUntil: NOW + 3_600_000 }
    const place = { language: 'es', timeZone: 'America/Argentina/Cordoba' } as const
    const answer = await act(attended)(channel(1, 'a', place), { kind: 'silence', token: 'good', by: 'Laura' })
    assert.equal(answer.text, 'En silencio hasta las 01:20: Laura (chat 1).')
  })

  it('does nothing with a signature that is not ours, and says what is over or unknown', async () => {
    const asked: unknown[] = []
    const press = { kind: 'acknowledge', by: 'Eve' } as const
    const forged = await act({ alert: alert(), changed: true }, asked)(channel(1, 'a'), { ...press, token: 'forged' })
    assert.deepEqual([forged, asked], [{ text: 'There is no such alert here.', changed: false }, []])
    const over = { alert: alert({ status: 'resolved' }), changed: false }
    assert.equal((await act(over)(channel(1, 'a'), { ...press, token: 'good' })).text, 'It is over already.')
  })
})
