import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type PrometheusAlert, prometheusAlert } from '#core/event/prometheus-alert.ts'
import { openStorage, type Storage } from '#storage/index.ts'
import { createAlertBook } from './alert-book.ts'
import { readFilters } from './filters.ts'
import { readAlerts } from './read-alerts.ts'
import { readSilence } from './silence-form.ts'

const START = 1_700_000_000_000
const MINUTE = 60_000

describe('the book of alerts', () => {
  const withStorage = async (work: (storage: Storage) => Promise<void>) => {
    const folder = mkdtempSync(join(tmpdir(), 'vigia-book-'))
    const storage = await openStorage({ dataDir: folder })
    try {
      await work(storage)
    } finally {
      await storage.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const alert = (alertname: string, endsAt: number): PrometheusAlert =>
    prometheusAlert({ labels: { alertname }, annotations: {}, startsAt: START, endsAt, generatorUrl: '' })

  it('finds again after a restart what fired, tells nothing twice, and ends what nobody sends any more', () =>
    withStorage(async (storage) => {
      let now = START
      let failing = false
      const told: string[] = []
      const open = () =>
        createAlertBook({
          now: () => now,
          events: storage.events.list,
          ingest: async (events) => {
            if (failing) throw new Error('disk full')
            told.push(...events.map(({ data }) => `${data.alertname} ${data.status}`))
            return storage.transaction(async ({ events: all }) => (await all.insertAll(events)).map(({ id }) => id))
          },
        })
      const before = open()
      await before.put([alert('kept', now + MINUTE), alert('left', now + MINUTE), alert('over', now + MINUTE)])
      await before.put([alert('over', now - 1)])
      now += 30 * MINUTE
      const after = open()
      assert.deepEqual((await after.firing()).map(({ labels }) => labels.alertname).toSorted(), ['kept', 'left'])
      await after.put([alert('kept', now + 20 * MINUTE)])
      await after.expire()
      assert.deepEqual(told.splice(0), ['kept firing', 'left firing', 'over firing', 'over resolved'])
      now += 6 * MINUTE
      failing = true
      await assert.rejects(after.expire())
      failing = false
      await after.expire()
      await after.expire()
      assert.deepEqual(told, ['left resolved'])
    }))

  it('tells once what two senders bring at the same moment', () =>
    withStorage(async (storage) => {
      let stored = 0
      const book = createAlertBook({
        now: () => START,
        events: storage.events.list,
        ingest: async (events) => {
          await new Promise(setImmediate)
          stored += events.length
          return []
        },
      })
      await Promise.all(Array.from({ length: 20 }, () => book.put([alert('same', START + MINUTE)])))
      assert.equal(stored, 1)
    }))

  it('keeps so much text and no more, also of alerts that grow while they fire', async () => {
    const book = createAlertBook({ now: () => START, events: async () => [], ingest: async () => [] })
    const long = 'x'.repeat(60_000)
    const all = (annotations: Readonly<Record<string, string>>) =>
      Array.from({ length: 1200 }, (_, n) => ({ ...alert(`a${n}`, START + MINUTE), annotations }))
    assert.equal(await book.put(all({})), true)
    assert.equal(await book.put(all({ summary: long })), false)
    assert.equal(await book.put(all({ summary: long }).slice(0, 1000)), true)
    assert.equal(await book.put(all({ summary: long }).slice(0, 1000)), true, 'what is there may be sent again')
    const texts = (await book.firing()).map(({ annotations }) => annotations.summary?.length ?? 0)
    assert.deepEqual([texts.length, texts.filter(Boolean).length], [1200, 1000])
  })
})

describe('what comes from outside', () => {
  const json = fc.jsonValue({ maxDepth: 4 })
  const near = (shape: Readonly<Record<string, fc.Arbitrary<unknown>>>) =>
    fc.oneof(json, fc.record(shape, { requiredKeys: [] }))

  it('never breaks the reader of alerts', async () => {
    const one = near({
      labels: fc.dictionary(fc.string(), fc.oneof(fc.string(), json)),
      annotations: fc.dictionary(fc.string(), fc.string()),
      startsAt: fc.oneof(fc.string(), fc.date().map(String), json),
      endsAt: fc.oneof(
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
        json,
      ),
    })
    await fc.assert(
      fc.asyncProperty(fc.oneof(json, fc.array(one, { maxLength: 5 })), async (body) => {
        const read = await readAlerts(body, START, () => undefined)
        if ('status' in read) assert.ok(read.message.length > 0 && read.status >= 400)
        else
          for (const { startsAt, endsAt, fingerprint } of read.alerts) {
            assert.ok(startsAt <= endsAt && fingerprint.length === 16)
            assert.doesNotThrow(() => [new Date(startsAt).toISOString(), new Date(endsAt).toISOString()])
          }
      }),
      { numRuns: 300 },
    )
  })

  it('never breaks the readers of silences and filters', () => {
    const silence = near({
      matchers: fc.array(near({ name: fc.string(), value: fc.string(), isRegex: fc.boolean(), isEqual: fc.boolean() })),
      startsAt: fc.constant('2020-01-01T00:00:00Z'),
      endsAt: fc.constant('2030-01-01T00:00:00Z'),
      comment: fc.string(),
      createdBy: fc.string(),
      id: json,
    })
    fc.assert(
      fc.property(silence, fc.oneof(fc.string(), fc.array(fc.string())), (body, filter) => {
        const read = readSilence(body, START)
        if ('status' in read) assert.ok(read.status >= 400)
        const filters = readFilters(filter)
        if (typeof filters !== 'string') for (const { holds } of filters) assert.equal(typeof holds('x'), 'boolean')
      }),
      { numRuns: 300 },
    )
  })
})
