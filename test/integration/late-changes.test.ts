import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { because } from '#core/cause/cause.ts'
import type { MonitorSpec, State } from '#core/monitor/monitor.ts'
import type { Transition } from '#core/monitor/transition.ts'
import { createBus } from '#lib/run/bus.ts'
import { createRecording, type Recording, type RecordingDeps } from '../../src/server/recording.ts'
import { channel, createWorld, monitor, START } from '../fixtures/world.ts'

interface Late {
  readonly recording: Recording
  readonly world: Awaited<ReturnType<typeof createWorld>>
  /** A change of the one monitor. */
  readonly change: (from: State, to: State) => Transition
  /** The store takes what waited. */
  readonly take: () => Promise<void>
}

/** Has changes recorded while the store lets them wait. */
const whileAway = async (use: (late: Late) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-late-changes-'))
  const world = await createWorld(folder)
  try {
    await world.configure({ channels: [channel('one')], monitors: [monitor('link')] })
    const takes = Promise.withResolvers<void>()
    const recording = createRecording({
      looking: world.looking,
      persistence: { write: (work) => takes.promise.then(work) } as RecordingDeps['persistence'],
      live: createBus(),
      wake: () => {},
      hurry: () => {},
      faults: { bug: assert.fail } as unknown as RecordingDeps['faults'],
      log: { info: () => {}, debug: () => {}, warn: () => {} },
    })
    const { id: monitorId } = (await world.storage.monitors.list())[0]!
    const times = { at: START, since: START, previousSince: START }
    const cause = because('as_said', { words: 'connection refused' })
    const change: Late['change'] = (from, to) => ({ monitorId, from, to, ...times, code: 'refused', cause, facts: {} })
    const take = () => {
      takes.resolve()
      return recording.settled()
    }
    await use({ recording, world, change, take })
  } finally {
    await world.storage.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What is open in the end when a store lets an outage wait, and the file says something else of its monitor meanwhile. */
const openAfter = async (changes: Partial<MonitorSpec>): Promise<string[]> => {
  const found: string[] = []
  await whileAway(async ({ recording, world, change, take }) => {
    recording.record([change('up', 'down')])
    await world.configure({ channels: [channel('one')], monitors: [monitor('link', changes)] })
    await take()
    const states = (await world.storage.states.all()).map(({ state }) => state)
    const alerts = (await world.storage.alerts.firingAll()).map(({ subject }) => subject)
    found.push(...states, ...alerts)
  })
  return found
}

describe('a change of state that the store lets wait', () => {
  it('is recorded of what its monitor still looks at', async () => {
    assert.deepEqual(await openAfter({ labels: { site: 'pop-7' } }), ['down', 'link'])
  })

  it('is forgotten where its monitor looks at something else by then', async () => {
    assert.deepEqual(await openAfter({ options: { host: 'other' } }), [])
  })

  it('stays before work that was asked for after it, however many changes wait', async () => {
    await whileAway(async ({ recording, world, change, take }) => {
      const stateNow = async () => (await world.storage.states.all()).map(({ state }) => state)
      let between: readonly State[] = []
      recording.record([change('up', 'down')])
      const done = recording.between(async () => {
        between = await stateNow()
      })
      recording.record([change('down', 'up')])
      for (let pair = 0; pair < 25_001; pair++) recording.record([change('up', 'down'), change('down', 'up')])
      await take()
      await done
      assert.deepEqual([between, await stateNow()], [['down'], ['up']])
    })
  })
})
