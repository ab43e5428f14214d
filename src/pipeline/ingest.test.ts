import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { NewEvent } from '#core/event.ts'
import { openStorage } from '#storage/index.ts'
import { createRecorder } from './ingest.ts'
import { createRegistry } from './registry.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigia-ingest-'))
const storage = await openStorage({ dataDir: folder })
after(async () => {
  await storage.close()
  rmSync(folder, { recursive: true, force: true })
})

const event = (subject: string): NewEvent => ({
  type: 'custom',
  source: 'test',
  severity: 'LOW',
  subject,
  at: 1000,
  receivedAt: 1000,
  monitorId: null,
  data: {},
})

describe('recorder', () => {
  const heard: string[] = []
  const record = createRecorder({
    storage,
    registry: createRegistry(() => ''),
    quiets: () => ({ silences: [], maintenance: [] }),
    now: () => 1000,
    tooOldMs: 3_600_000,
    wake: () => {},
    enrich: (one) => ({ ...one, data: { ...one.data, country: 'AR' } }),
    onEvents: (events) => heard.push(...events.map(({ subject }) => subject)),
  })

  it('stores events together with what else was to be remembered', async () => {
    const ids = await record(async ({ settings }) => {
      await settings.set('place', 7)
      return [event('a'), event('b')]
    })
    assert.equal(ids.length, 2)
    assert.equal(await storage.settings.get('place'), 7)
    assert.deepEqual((await storage.events.byId(ids[0]!))?.data, { country: 'AR' })
    assert.deepEqual(heard, ['a', 'b'])
  })

  it('remembers nothing when it fails, and tells nobody', async () => {
    await assert.rejects(
      record(async ({ settings, events }) => {
        await settings.set('place', 8)
        await events.insert(event('c'))
        throw new Error('no')
      }),
      /no/,
    )
    assert.equal(await storage.settings.get('place'), 7)
    assert.deepEqual(
      (await storage.events.list({ limit: 10 })).map(({ subject }) => subject),
      ['b', 'a'],
    )
    assert.deepEqual(heard, ['a', 'b'])
  })

  it('remembers what makes no event', async () => {
    const ids = await record(async ({ settings }) => {
      await settings.set('place', 9)
      return []
    })
    assert.deepEqual(ids, [])
    assert.equal(await storage.settings.get('place'), 9)
  })
})
