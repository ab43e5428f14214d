import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import type { Word } from '../../drill/last-word.ts'
import { live } from '../fixtures/last-word-life.ts'
import { type FileRule, lives, type RuleName, type Step } from '../fixtures/last-word-steps.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../fixtures/postgres.ts'

/** `npm run last-word` tries thousands, others each time; in the suite the same few, which take some ten seconds. */
const { LAST_WORD_LIVES: MANY } = process.env
const LIVES = Number(MANY ?? 60)
const LIVES_ON_POSTGRES = Math.ceil(LIVES / 20)
const SEED = process.env.LAST_WORD_SEED ?? (MANY === undefined ? '7' : undefined)
const MINUTE = 60_000
/** A life takes a fifth of a second, a failing one is made shorter many times over. */
const PATIENCE_MS = 100_000 + LIVES * 1000

const inFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-life-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const holds = async (steps: readonly Step[], databaseUrl?: string) => {
  const { faults } = await inFolder((folder) => live(steps, folder, databaseUrl))
  assert.deepEqual(faults, [])
}

const parameters = (numRuns: number): fc.Parameters<[readonly Step[]]> => ({
  numRuns,
  ...(SEED !== undefined && { seed: Number(SEED) }),
})

/** What a channel was told of a subject, in a line. */
const told = (words: readonly Word[], channel: string, subject: string): string[] =>
  words
    .filter((word) => word.channel === channel && word.subject === subject)
    .map(({ reason, says, endedBy }) =>
      endedBy === undefined || endedBy === 'recovery' ? `${reason} ${says}` : `${reason} ${says} ${endedBy}`,
    )
    .filter((word) => !word.startsWith('reminder'))

const play = async (steps: readonly Step[]) => {
  const { faults, words } = await inFolder((folder) => live(steps, folder))
  assert.deepEqual(faults, [])
  return (channel: string, subject: string) => told(words, channel, subject)
}

const lone = (state: 'up' | 'degraded' | 'down'): Step => ({ do: 'state', monitor: 'lone', state })
const rule = (name: RuleName, change: Partial<FileRule>): Step => ({ do: 'rule', rule: name, change })
const wait = (ms: number): Step => ({ do: 'wait', ms })

describe('the last word, over whatever happens', () => {
  it('is what is so, in every life of a server', { timeout: PATIENCE_MS }, async () => {
    await fc.assert(
      fc.asyncProperty(lives, (steps) => holds(steps)),
      parameters(LIVES),
    )
  })

  describe('on PostgreSQL', () => {
    let postgres: TestPostgres
    before(async () => {
      postgres = await startPostgres()
    })
    after(async () => 'url' in postgres && postgres.stop())

    it('is so as well', { timeout: PATIENCE_MS }, async (context) => {
      if ('skip' in postgres) return context.skip(postgres.skip)
      const { url } = postgres
      await fc.assert(
        fc.asyncProperty(lives, async (steps) => holds(steps, await freshDatabase(url))),
        parameters(LIVES_ON_POSTGRES),
      )
    })
  })
})

describe('what is told when what is told changes', () => {
  it('a paused monitor says nothing to people; machines get an end, and hear of it again when it goes on', async () => {
    const pause = { do: 'pause', monitor: 'lone', by: 'hand' } as const
    const says = await play([
      lone('down'),
      { ...pause, on: true },
      wait(150 * MINUTE),
      { ...pause, on: false },
      wait(MINUTE),
    ])
    assert.deepEqual(says('mail', 'lone'), ['first down'])
    assert.deepEqual(says('hook', 'lone'), ['first down', 'resolved over paused', 'first down'])
  })

  it('what was repaired in a pause is told as recovered, to whom it was told as down', async () => {
    const pause = { do: 'pause', monitor: 'lone', by: 'file' } as const
    const says = await play([
      lone('down'),
      { ...pause, on: true },
      wait(40 * MINUTE),
      lone('up'),
      { ...pause, on: false },
    ])
    assert.deepEqual(says('mail', 'lone'), ['first down', 'resolved over'])
    assert.deepEqual(says('hook', 'lone'), ['first down', 'resolved over paused'])
  })

  it('a channel with another name goes on where it was', async () => {
    const says = await play([lone('down'), { do: 'rename', channel: 'mail' }, wait(MINUTE), lone('up')])
    assert.deepEqual(says('mail', 'lone'), ['first down', 'resolved over'])
  })

  it('the end for a channel that is gone goes to those that hear of the monitor now', async () => {
    const steps: Step[] = [
      { do: 'name', monitor: 'lone', channels: ['mail'] },
      lone('down'),
      { do: 'delivery', channel: 'mail', manner: 'busy' },
      lone('up'),
      { do: 'name', monitor: 'lone', channels: ['chat'] },
      { do: 'keep', channel: 'mail', on: false },
      wait(4 * MINUTE),
    ]
    const says = await play(steps)
    assert.deepEqual(says('chat', 'lone'), ['resolved over'])
  })

  it('a channel that hears of it while it is down is told, and of its end', async () => {
    const steps: Step[] = [
      { do: 'name', monitor: 'lone', channels: [] },
      lone('down'),
      wait(11 * MINUTE),
      { do: 'name', monitor: 'lone', channels: ['chat'] },
      lone('up'),
    ]
    assert.deepEqual((await play(steps))('chat', 'lone'), ['first down', 'resolved over'])
  })

  it('a channel that is enabled while it is down is told', async () => {
    const enable = { do: 'enable', channel: 'mail' } as const
    const says = await play([
      { ...enable, on: false },
      lone('down'),
      wait(MINUTE),
      { ...enable, on: true },
      wait(MINUTE),
    ])
    assert.deepEqual(says('mail', 'lone'), ['first down'])
  })

  it('a channel that was disabled when it ended is told so once it is back', async () => {
    const enable = { do: 'enable', channel: 'mail' } as const
    const says = await play([lone('down'), { ...enable, on: false }, lone('up'), wait(MINUTE), { ...enable, on: true }])
    assert.deepEqual(says('mail', 'lone'), ['first down', 'resolved over'])
  })

  it('another target ends it where it was told, and taking it out ends it for machines', async () => {
    const changed = await play([lone('down'), { do: 'target', monitor: 'lone' }, lone('up')])
    assert.deepEqual(changed('mail', 'lone'), ['first down', 'resolved over changed', 'first down', 'resolved over'])
    const removed = await play([lone('down'), { do: 'take out', monitor: 'lone', out: true }])
    assert.deepEqual(
      [removed('mail', 'lone'), removed('hook', 'lone')],
      [['first down'], ['first down', 'resolved over removed']],
    )
  })

  it('what was repaired while it was taken out is told as recovered once it is back; another target as an end', async () => {
    const out = { do: 'take out', monitor: 'lone' } as const
    const gone = [lone('down'), { ...out, out: true }, lone('up')] as const
    const back = await play([...gone, { ...out, out: false }, wait(MINUTE)])
    assert.deepEqual(back('mail', 'lone'), ['first down', 'resolved over'])
    assert.deepEqual(back('hook', 'lone'), ['first down', 'resolved over removed'])
    const other = await play([...gone, { do: 'target', monitor: 'lone' }, { ...out, out: false }, wait(MINUTE)])
    assert.deepEqual(other('mail', 'lone'), ['first down', 'resolved over changed'])
  })

  it('what is still down when its monitor is back is no news to people, and news to machines', async () => {
    const out = { do: 'take out', monitor: 'lone' } as const
    const says = await play([lone('down'), { ...out, out: true }, { ...out, out: false }, wait(4 * MINUTE)])
    assert.deepEqual(says('mail', 'lone'), ['first down'])
    assert.deepEqual(says('hook', 'lone'), ['first down', 'resolved over removed', 'first down'])
  })

  it('a rule that is made while a monitor is down tells whom it adds, and their end; to nobody twice', async () => {
    const says = await play([lone('down'), rule('watch', { kept: true }), wait(MINUTE), lone('up')])
    assert.deepEqual(says('chat', 'lone'), ['first down', 'resolved over'])
    assert.deepEqual(says('hook', 'lone'), ['first down', 'resolved over'])
  })

  it('flapping that calmed down while no ends were told ended untold, though ends are told again', async () => {
    const ends = { do: 'tell ends', monitor: 'lone' } as const
    await play([
      { do: 'flap', monitor: 'lone', times: 4 },
      { ...ends, on: false },
      wait(40 * MINUTE),
      { ...ends, on: true },
      { do: 'state', monitor: 'core', state: 'up' },
    ])
  })

  it('who heard of an outage by an escalation alone hears by a new rule that it is another one now', async () => {
    const says = await play([
      lone('down'),
      wait(11 * MINUTE),
      wait(4 * MINUTE),
      lone('degraded'),
      rule('watch', { kept: true }),
      wait(MINUTE),
      lone('up'),
    ])
    assert.deepEqual(says('chat', 'lone'), ['escalated down', 'first degraded', 'resolved over'])
  })

  it('a rule that is taken out or disabled ends what it told for machines', async () => {
    const event: Step = { do: 'event', subject: 'disk', severity: 2 }
    for (const change of [{ kept: false }, { enabled: false }]) {
      const says = await play([event, rule('alarms', change), wait(MINUTE)])
      assert.deepEqual(says('mail', 'disk'), ['first open'])
      assert.deepEqual(says('hook', 'disk'), ['first open', 'resolved over removed'])
    }
  })

  it('who heard by an escalation alone hears the next end, where that of his outage was kept from all', async () => {
    const ends = (on: boolean): Step => ({ do: 'tell ends', monitor: 'lone', on })
    const says = await play([
      lone('degraded'),
      ends(false),
      wait(40 * MINUTE),
      { do: 'flap', monitor: 'lone', times: 2 },
      ends(true),
      { do: 'flap', monitor: 'lone', times: 2 },
    ])
    assert.deepEqual(says('chat', 'lone'), ['escalated down', 'resolved over'])
    assert.deepEqual(says('mail', 'lone').at(-1), 'resolved over')
  })

  it('people whose rule is taken out hear no more of it, whoever else does', async () => {
    const says = await play([rule('watch', { kept: true }), lone('down'), rule('watch', { kept: false }), lone('up')])
    assert.deepEqual(says('chat', 'lone'), ['first down'])
    assert.deepEqual(says('mail', 'lone'), ['first down', 'resolved over'])
  })

  it('a rule that is enabled again tells what ended meanwhile', async () => {
    const watched = [
      rule('watch', { kept: true }),
      lone('down'),
      rule('watch', { enabled: false }),
      lone('up'),
    ] as const
    const says = await play([...watched, wait(MINUTE), rule('watch', { enabled: true }), wait(MINUTE)])
    assert.deepEqual(says('chat', 'lone'), ['first down', 'resolved over'])
  })

  it('two rules of one monitor that a silence held tell a channel once', async () => {
    const says = await play([
      rule('watch', { kept: true }),
      { do: 'silence', subject: 'lone', ms: 4 * MINUTE },
      lone('degraded'),
      wait(11 * MINUTE),
    ])
    assert.deepEqual([says('hook', 'lone'), says('chat', 'lone')], [['first degraded'], ['first degraded']])
  })

  it('what begins again after a told end is told after the cooldown, though ends are told no more', async () => {
    const event: Step = { do: 'event', subject: 'disk', severity: 0 }
    const over: Step = { do: 'over', subject: 'disk' }
    const says = await play([event, over, rule('alarms', { tellsEnds: false }), event, wait(11 * MINUTE)])
    assert.deepEqual(says('mail', 'disk'), ['first open', 'resolved over', 'first open'])
  })

  it('flapping that ends down under two rules is told a channel once', async () => {
    const says = await play([rule('watch', { kept: true }), { do: 'flap', monitor: 'core', times: 5 }])
    assert.deepEqual(says('hook', 'core').slice(-2), ['first flapping', 'repeat down'])
    assert.deepEqual(says('chat', 'core').slice(2, 3), ['first down'])
  })

  it('flapping that calmed down by the moment at which planned work ends is no news; how it ended is', async () => {
    const says = await play([
      { do: 'maintain', monitor: 'lone', ms: 40 * MINUTE },
      { do: 'flap', monitor: 'lone', times: 6 },
      wait(4 * MINUTE),
      lone('degraded'),
      wait(150 * MINUTE),
    ])
    assert.deepEqual(says('mail', 'lone'), ['first degraded'])
  })

  it('flapping that a silence held is no news once nobody sees whether it goes on; how it ends is told', async () => {
    const steps: Step[] = [
      { do: 'silence', subject: 'core', ms: 150 * MINUTE },
      { do: 'flap', monitor: 'core', times: 3 },
      { do: 'blind', on: true },
      wait(150 * MINUTE),
      wait(40 * MINUTE),
    ]
    assert.deepEqual((await play(steps))('mail', 'core'), [])
    const sees = await play([...steps, { do: 'blind', on: false }])
    assert.deepEqual(sees('mail', 'core'), ['first down'])
  })

  it('a digest says of what nobody sees any more how it was seen last', async () => {
    const says = await play([
      { do: 'flap', monitor: 'core', times: 2 },
      { do: 'hold', channel: 'mail', how: { limit: {} } },
      { do: 'flap', monitor: 'lone', times: 3 },
      { do: 'blind', on: true },
    ])
    assert.deepEqual(says('mail', 'lone').at(-1), 'digest flapping')
  })

  it('a digest says of what is in trouble again by another rule that it ended, not that it is well', async () => {
    const core = (state: 'up' | 'degraded' | 'down'): Step => ({ do: 'state', monitor: 'core', state })
    const says = await play([
      rule('watch', { kept: true }),
      { do: 'event', subject: 'disk', severity: 0 },
      { do: 'delivery', channel: 'mail', manner: 'no ends' },
      core('down'),
      { do: 'name', monitor: 'core', channels: [] },
      { do: 'over', subject: 'disk' },
      core('up'),
      core('degraded'),
    ])
    assert.deepEqual(says('mail', 'core'), ['first down', 'digest over hand'])
    assert.deepEqual(says('chat', 'core'), ['first down', 'resolved over', 'first degraded'])
  })

  it('a digest says of what is in trouble again of which no alert is open that it ended, not that it is well', async () => {
    const says = await play([
      { do: 'blip', subject: 'disk', severity: 0 },
      { do: 'hold', channel: 'mail', how: { limit: {} } },
      { do: 'flap', monitor: 'core', times: 2 },
      { do: 'maintain', monitor: 'core', ms: 40 * MINUTE },
      { do: 'state', monitor: 'core', state: 'degraded' },
      { do: 'reload' },
    ])
    assert.deepEqual(says('mail', 'core'), ['digest over hand', 'first degraded'])
  })

  it('what is told late is not said to be over while planned work hides that it is not', async () => {
    const says = await play([
      { do: 'delivery', channel: 'mail', manner: 'busy' },
      lone('down'),
      lone('up'),
      { do: 'maintain', monitor: 'lone', ms: 40 * MINUTE },
      lone('degraded'),
      wait(20_000),
      { do: 'delivery', channel: 'mail', manner: 'well' },
      wait(MINUTE),
    ])
    assert.deepEqual(says('mail', 'lone'), ['first over hand', 'resolved over hand', 'first degraded'])
  })

  it('what is told late is not said to be over where nobody saw its end', async () => {
    const says = await play([
      { do: 'delivery', channel: 'mail', manner: 'busy' },
      { do: 'event', subject: 'disk', severity: 0 },
      rule('alarms', { kept: false }),
      wait(2000),
    ])
    assert.deepEqual(says('mail', 'disk'), ['first over hand'])
  })

  it('an end that is late says that the trouble is back only to who hears of its next end', async () => {
    const event = (severity: number): Step => ({ do: 'event', subject: 'disk', severity })
    const over: Step = { do: 'over', subject: 'disk' }
    const noEnds = (channel: 'mail' | 'hook'): Step => ({ do: 'delivery', channel, manner: 'no ends' })
    const well = (channel: 'mail' | 'hook'): Step => ({ do: 'delivery', channel, manner: 'well' })
    const held = await play([noEnds('mail'), event(1), over, event(1), wait(20_000), well('mail'), wait(MINUTE), over])
    assert.deepEqual(held('mail', 'disk'), ['first open', 'resolved over hand'])
    const other = await play([
      rule('watch', { kept: true }),
      noEnds('mail'),
      lone('down'),
      lone('up'),
      { do: 'name', monitor: 'lone', channels: [] },
      lone('degraded'),
      well('mail'),
      wait(4 * MINUTE),
      lone('up'),
    ])
    assert.deepEqual(other('mail', 'lone'), ['first down', 'resolved over hand'])
    const told = await play([noEnds('hook'), event(1), over, event(3), wait(20_000), well('hook'), wait(MINUTE), over])
    assert.deepEqual(told('hook', 'disk'), ['first open', 'resolved open', 'first open', 'resolved over'])
  })

  it('a digest leaves the unrest that nobody was told of to its own message', async () => {
    const says = await play([
      { do: 'delivery', channel: 'mail', manner: 'no ends' },
      { do: 'state', monitor: 'child', state: 'down' },
      { do: 'flap', monitor: 'core', times: 3 },
      { do: 'flap', monitor: 'child', times: 4 },
      { do: 'event', subject: 'disk', severity: 0 },
    ])
    assert.deepEqual(says('mail', 'child'), ['first down', 'digest over hand'])
  })

  it('a copy for another channel is no second telling', async () => {
    const says = await play([
      { do: 'delivery', channel: 'chat', manner: 'busy' },
      rule('watch', { kept: true }),
      { do: 'state', monitor: 'core', state: 'degraded' },
      { do: 'fall back', on: true },
    ])
    assert.deepEqual(says('mail', 'core'), ['first degraded', 'first degraded'])
  })

  it('of what begins when no rule looks at it, the end that is told late is the last word', async () => {
    const event: Step = { do: 'event', subject: 'queue', severity: 0 }
    const says = await play([
      { do: 'delivery', channel: 'mail', manner: 'no ends' },
      event,
      { do: 'over', subject: 'queue' },
      rule('alarms', { kept: false }),
      event,
      wait(11 * MINUTE),
      lone('down'),
    ])
    assert.deepEqual(says('mail', 'queue'), ['first open', 'digest over'])
  })

  it('flapping that calms down while its monitor tells no ends ends untold', async () => {
    const says = await play([
      { do: 'flap', monitor: 'core', times: 4 },
      { do: 'tell ends', monitor: 'core', on: false },
      { do: 'flap', monitor: 'lone', times: 2 },
    ])
    assert.equal(says('mail', 'core').at(-1), 'first flapping')
  })

  it('what changed while its parent was down is told once the parent is back', async () => {
    const state = (monitor: 'core' | 'child', now: 'up' | 'degraded' | 'down') =>
      ({ do: 'state', monitor, state: now }) as const
    const says = await play([
      state('child', 'down'),
      state('core', 'down'),
      state('child', 'degraded'),
      state('core', 'up'),
    ])
    assert.deepEqual(says('mail', 'child'), ['first down', 'repeat degraded'])
  })

  it('and so does who hears by a rule whose news had to wait for a look at a parent', async () => {
    const state = (monitor: 'core' | 'child', now: 'degraded' | 'down') =>
      ({ do: 'state', monitor, state: now }) as const
    const says = await play([
      state('core', 'degraded'),
      state('child', 'down'),
      wait(40 * MINUTE),
      state('child', 'degraded'),
      rule('watch', { kept: true }),
    ])
    assert.deepEqual(says('chat', 'child'), ['escalated down', 'first degraded'])
  })

  it('a digest says of what began again and of which no rule tells any more that it ended, not that it is well', async () => {
    const says = await play([
      { do: 'hold', channel: 'mail', how: { limit: {} } },
      { do: 'blip', subject: 'queue', severity: 0 },
      { do: 'blip', subject: 'queue', severity: 2 },
      { do: 'event', subject: 'queue', severity: 2 },
      rule('alarms', { kept: false }),
    ])
    assert.deepEqual(says('mail', 'queue').at(-1), 'digest over hand')
  })

  it('two rules of one monitor escalate to a channel once, though they began at other times', async () => {
    const says = await play([
      lone('down'),
      wait(11 * MINUTE),
      rule('watch', { kept: true }),
      wait(40 * MINUTE),
      lone('up'),
    ])
    assert.deepEqual(says('chat', 'lone'), ['first down', 'escalated down', 'resolved over'])
  })

  it('a channel that was away while an alert became worse hears of that once it is back', async () => {
    const says = await play([
      { do: 'event', subject: 'queue', severity: 0 },
      wait(150 * MINUTE),
      { do: 'keep', channel: 'mail', on: false },
      { do: 'event', subject: 'queue', severity: 3 },
      { do: 'keep', channel: 'mail', on: true },
      { do: 'keep', channel: 'mail', on: false },
      { do: 'keep', channel: 'mail', on: true },
    ])
    assert.deepEqual(says('mail', 'queue'), ['first open', 'first open'])
  })

  it('what was held for a channel that is gone goes to nobody who knows of it by another rule', async () => {
    const says = await play([
      { do: 'hold', channel: 'chat', how: { limit: {} } },
      { do: 'state', monitor: 'core', state: 'degraded' },
      lone('down'),
      { do: 'event', subject: 'disk', severity: 0 },
      rule('watch', { kept: true }),
      { do: 'keep', channel: 'chat', on: false },
    ])
    assert.deepEqual(says('hook', 'lone').filter((word) => word === 'first down').length, 1)
  })

  it('nor to who was told of it before that channel was new', async () => {
    const says = await play([
      { do: 'hold', channel: 'chat', how: { limit: {} } },
      { do: 'blip', subject: 'disk', severity: 0 },
      lone('degraded'),
      { do: 'name', monitor: 'lone', channels: ['mail', 'chat'] },
      { do: 'keep', channel: 'chat', on: false },
    ])
    assert.deepEqual(says('mail', 'lone').filter((word) => word === 'first degraded').length, 1)
  })

  it('a digest says no more than that it ended of what flaps where this channel does not hear of it', async () => {
    const offMonitor = await play([
      { do: 'delivery', channel: 'mail', manner: 'no ends' },
      { do: 'state', monitor: 'core', state: 'down' },
      { do: 'name', monitor: 'core', channels: ['hook'] },
      { do: 'flap', monitor: 'core', times: 4 },
      { do: 'flap', monitor: 'child', times: 2 },
      { do: 'event', subject: 'disk', severity: 0 },
    ])
    assert.deepEqual(offMonitor('mail', 'core'), ['first down', 'digest over hand'])
    const inCooldown = await play([
      { do: 'state', monitor: 'child', state: 'down' },
      { do: 'delivery', channel: 'chat', manner: 'busy' },
      wait(40 * MINUTE),
      { do: 'flap', monitor: 'child', times: 4 },
      { do: 'end of work' },
    ])
    assert.deepEqual(inCooldown('chat', 'child'), ['digest over hand'])
  })

  it('a late end says of what nobody looks at any more how it was seen last', async () => {
    const says = await play([
      { do: 'delivery', channel: 'hook', manner: 'busy' },
      { do: 'flap', monitor: 'core', times: 3 },
      { do: 'blind', on: true },
      wait(40 * MINUTE),
    ])
    assert.deepEqual(says('hook', 'core'), ['first over hand', 'resolved flapping', 'first flapping'])
  })

  it('what flapped and then stayed down recovers as such after a restart too', async () => {
    const says = await play([
      { do: 'flap', monitor: 'lone', times: 3 },
      wait(11 * MINUTE),
      { do: 'restart' },
      lone('up'),
      wait(11 * MINUTE),
    ])
    assert.deepEqual(says('mail', 'lone'), [
      'first down',
      'resolved over',
      'first flapping',
      'repeat down',
      'resolved over',
    ])
    assert.deepEqual(says('chat', 'lone'), [])
  })

  it('a channel that is back hears of the ends that a digest was to tell', async () => {
    const says = await play([
      { do: 'delivery', channel: 'chat', manner: 'no ends' },
      lone('down'),
      rule('watch', { kept: true }),
      { do: 'flap', monitor: 'core', times: 4 },
      wait(5 * MINUTE),
      lone('up'),
      { do: 'keep', channel: 'chat', on: false },
      { do: 'reload' },
      { do: 'keep', channel: 'chat', on: true },
    ])
    assert.deepEqual(says('chat', 'lone').at(-1), 'digest over')
    assert.deepEqual(says('chat', 'core').at(-1), 'digest over')
  })

  it('what flapped in planned work over a restart and stays down is told as down', async () => {
    const says = await play([
      { do: 'maintain', monitor: 'lone', ms: 11 * MINUTE },
      { do: 'flap', monitor: 'lone', times: 3 },
      { do: 'restart' },
      { do: 'event', subject: 'disk', severity: 0 },
    ])
    assert.deepEqual(says('mail', 'lone'), ['first down'])
  })

  it('what was held of a trouble that is over says that it is back, where no end follows', async () => {
    const says = await play([
      { do: 'hold', channel: 'mail', how: { quiet: {} } },
      rule('alarms', { tellsEnds: false }),
      wait(150 * MINUTE),
      { do: 'blip', subject: 'disk', severity: 0 },
      { do: 'event', subject: 'disk', severity: 0 },
      { do: 'acknowledge', nth: 0, ms: null },
    ])
    assert.deepEqual(says('mail', 'disk'), ['first open'])
  })

  it('nobody ends by hand what is still down', async () => {
    const says = await play([lone('down'), { do: 'close', nth: 0 }, { do: 'restart' }, wait(MINUTE)])
    assert.deepEqual(says('mail', 'lone'), ['first down'])
  })

  it('a rise within the cooldown is told, and what fires again after its end when the cooldown is over', async () => {
    const event = (severity: number): Step => ({ do: 'event', subject: 'disk', severity })
    const rise = await play([event(1), event(1), event(3)])
    assert.deepEqual(rise('mail', 'disk'), ['first open', 'repeat open'])
    const again = await play([event(1), { do: 'over', subject: 'disk' }, event(1), wait(11 * MINUTE)])
    assert.deepEqual(again('mail', 'disk'), ['first open', 'resolved over', 'first open'])
  })
})
