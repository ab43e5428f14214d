import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { because } from '#core/cause/cause.ts'
import type { MonitorSpec } from '#core/monitor/monitor.ts'
import { createBus } from '#lib/run/bus.ts'
import { createRecording, type RecordingDeps } from '../../src/server/recording.ts'
import { channel, createWorld, monitor, START } from '../fixtures/world.ts'

/** What is open in the end when a store lets an outage wait, and the file says something else of its monitor meanwhile. */
const openAfter = async (changes: Partial<MonitorSpec>): Promise<string[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-late-changes-'))
  const world = await createWorld(folder)
  const configure = (one: Partial<MonitorSpec>) =>
    world.configure({ channels: [channel('one')], monitors: [monitor('link', one)] })
  try {
    await configure({})
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
    const { id } = (await world.storage.monitors.list())[0]!
    const times = { at: START, since: START, previousSince: START }
    const cause = because('as_said', { words: 'connection refused' })
    recording.record([{ monitorId: id, from: 'up', to: 'down', ...times, code: 'refused', cause, facts: {} }])
    await configure(changes)
    takes.resolve()
    await recording.settled()
    const states = (await world.storage.states.all()).map(({ state }) => state)
    const alerts = (await world.storage.alerts.firingAll()).map(({ subject }) => subject)
    return [...states, ...alerts]
  } finally {
    await world.storage.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('a change of state that the store lets wait', () => {
  it('is recorded of what its monitor still looks at', async () => {
    assert.deepEqual(await openAfter({ labels: { site: 'pop-7' } }), ['down', 'link'])
  })

  it('is forgotten where its monitor looks at something else by then', async () => {
    assert.deepEqual(await openAfter({ options: { host: 'other' } }), [])
  })
})
