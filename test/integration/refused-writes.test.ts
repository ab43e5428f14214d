import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { NewEvent } from '#core/event/event.ts'
import { RULE_DEFAULTS } from '#core/rule/rule-spec.ts'
import { createIngest } from '#pipeline/decide/ingest.ts'
import { createRegistry } from '#pipeline/decide/registry.ts'
import { openStorage, type Storage } from '#storage/index.ts'
import { StorageError } from '#storage/storage-error.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../fixtures/postgres.ts'

const event = (subject: string): NewEvent => ({
  type: 'load',
  source: 'test',
  severity: 'LOW',
  subject,
  at: 1000,
  receivedAt: 1000,
  monitorId: null,
  data: {},
})

/** A store that takes all of a transaction and then refuses it, as often as is asked for. */
const refusing = (storage: Storage) => {
  const refuse = { times: 0 }
  const transaction: Storage['transaction'] = (work) =>
    storage.transaction(async (repositories) => {
      const result = await work(repositories)
      if (refuse.times-- > 0) throw new StorageError('busy', 'not now')
      return result
    })
  return { refuse, storage: { ...storage, transaction } }
}

type Place = { readonly databaseUrl?: string } | { readonly skip: string }

const suite = (engine: string, place: () => Promise<Place>) =>
  it(`${engine}: an event that was refused and is tried again counts once for a rate`, async (test) => {
    const where = await place()
    if ('skip' in where) return test.skip(where.skip)
    const folder = mkdtempSync(join(tmpdir(), 'vigia-refused-'))
    const opened = await openStorage({ dataDir: folder, ...where })
    try {
      const { refuse, storage } = refusing(opened)
      const registry = createRegistry(() => '')
      const rate = { atLeast: 3, withinMs: 60_000 }
      await opened.rules.insert({ ...RULE_DEFAULTS, name: 'often', type: 'load', rate }, 'test', 1)
      registry.replaceRules(await opened.rules.list())
      const ingest = createIngest({
        storage,
        registry,
        quiets: () => ({ silences: [], maintenance: [] }),
        now: () => 1000,
        tooOldMs: 3_600_000,
        wake: () => {},
      })
      refuse.times = 5
      for (let attempt = 0; attempt < 5; attempt++)
        await assert.rejects(ingest([event('host'), event('host')]), /not now/)
      await ingest([event('host'), event('host')])
      assert.deepEqual(await opened.alerts.list({ status: 'firing', limit: 10 }), [])
      await ingest([event('host')])
      assert.equal((await opened.alerts.list({ status: 'firing', limit: 10 })).length, 1)
    } finally {
      await opened.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })

describe('a refused write', () => {
  let server: TestPostgres | undefined
  after(async () => {
    if (server && 'stop' in server) await server.stop()
  })
  suite('SQLite', async () => ({}))
  suite('PostgreSQL', async () => {
    server = await startPostgres()
    return 'skip' in server ? server : { databaseUrl: await freshDatabase(server.url) }
  })
})
