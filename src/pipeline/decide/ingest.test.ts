import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { NewEvent } from '#core/event/event.ts'
import { openStorage } from '#storage/index.ts'
import { createIngest, createRecorder } from './ingest.ts'
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

const deps = {
  storage,
  registry: createRegistry(() => ''),
  quiets: () => ({ silences: [], maintenance: [] }),
  now: () => 1000,
  tooOldMs: 3_600_000,
  wake: () => {},
}

describe('recorder', () => {
  const heard: string[] = []
  const record = createRecorder({
    ...deps,
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

describe('ingest', () => {
  const heard: string[][] = []
  const ingest = createIngest({
    ...deps,
    enrich: (one) => {
      if (one.subject === 'bad') throw new Error('no place for it')
      return one
    },
    onEvents: (events) => heard.push(events.map(({ subject }) => subject)),
  })
  const subjectsOf = async (ids: readonly number[]) =>
    Promise.all(ids.map(async (id) => (await storage.events.byId(id))?.subject))

  it('stores what arrives together in one transaction, and tells each sender the ids of his own', async () => {
    heard.length = 0
    const asked = [['a', 'b'], ['c'], ['d', 'e', 'f']]
    const ids = await Promise.all(asked.map((subjects) => ingest(subjects.map(event))))
    assert.deepEqual(await Promise.all(ids.map(subjectsOf)), asked)
    assert.deepEqual(heard, [asked.flat()])
  })

  it('lets what cannot be stored keep nothing else from being stored, and nothing twice', async () => {
    heard.length = 0
    const before = (await storage.events.list({ limit: 1 }))[0]!.id
    const answers = await Promise.allSettled(['g', 'bad', 'h'].map((subject) => ingest([event(subject)])))
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    const ids = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    assert.deepEqual(await subjectsOf(ids), ['g', 'h'])
    const since = (await storage.events.list({ limit: 10 })).filter(({ id }) => id > before)
    assert.deepEqual(since.map(({ subject }) => subject).sort(), ['g', 'h'])
    assert.deepEqual(heard.flat().sort(), ['g', 'h'])
  })

  it('makes no transaction of more than a thousand events of several senders', async () => {
    heard.length = 0
    await Promise.all([400, 400, 400].map((count) => ingest(Array.from({ length: count }, () => event('many')))))
    assert.deepEqual(
      heard.map(({ length }) => length),
      [800, 400],
    )
  })
})
