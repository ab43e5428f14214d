import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startThread } from '#lib/thread.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../fixtures/postgres.ts'
import { startTestServer, type TestServer, until } from '../fixtures/server.ts'

const HOUR = 3_600_000

/** `threads` is what runs while there is something to watch. */
const suite = (
  name: string,
  threads: readonly string[],
  databaseUrl: () => Promise<string | { readonly skip: string } | undefined>,
) =>
  describe(`a server that watches nothing (${name})`, () => {
    let api: TestServer
    let skip: string | undefined
    /** Parts that run at present. */
    const running = new Set<string>()
    before(async () => {
      const url = await databaseUrl()
      if (typeof url === 'object') {
        skip = url.skip
        return
      }
      api = await startTestServer({
        ...(url !== undefined && { databaseUrl: url }),
        systems: {
          startPart: (part, options) => {
            running.add(part)
            return startThread(part, options).on('exit', () => running.delete(part))
          },
        },
      })
    })
    after(() => api?.stop())

    const use = (title: string, test: () => Promise<void>) =>
      it(title, async (context) => {
        if (skip) return context.skip(skip)
        await test()
      })
    const add = () => api.post('monitors', { name: 'port', type: 'tcp', options: { host: '127.0.0.1', port: 1 } })
    const cleanUp = () => api.post('schedules/keep-results/run')
    const results = async (): Promise<number> => (await api.get('monitors/1/results')).items.length
    const ready = async () => (await api.request('GET', '/readyz')).body

    use('runs neither engine nor history, and is well all the same', async () => {
      api.advance(HOUR)
      assert.deepEqual(await ready(), { status: 'ready' })
      assert.deepEqual([...running], [])
      assert.deepEqual(await api.get('engine'), {})
    })

    use('has nothing to remove, and begins no history for that', async () => {
      assert.equal((await cleanUp()).last.result, 'nothing to remove')
      assert.deepEqual([[...running], existsSync(join(api.folder, 'history.db'))], [[], false])
    })

    use('begins both with the first monitor, and is well while it waits for the first figures', async () => {
      await add()
      assert.deepEqual(await ready(), { status: 'ready' })
      const { items } = await until(async () => {
        const answer = await api.get('monitors/1/results')
        return answer.items.length > 0 && answer
      }, 'a result')
      assert.equal(items[0].ok, false)
      assert.deepEqual([...running].toSorted(), threads)
    })

    use('ends both with the last, and begins again with the next', async () => {
      const before = await results()
      await api.remove('monitors/1')
      assert.deepEqual([...running], [])
      api.advance(HOUR)
      assert.deepEqual(await ready(), { status: 'ready' })
      // What was kept is looked after all the same, and nothing stays behind for that.
      await cleanUp()
      assert.deepEqual([...running], [])
      await add()
      // It comes back with what was kept of it.
      await until(async () => (await results()) > before, 'one more result')
    })
  })

suite('SQLite', ['engine/worker', 'storage/history/worker'], async () => undefined)

describe('with a database server', () => {
  let server: Promise<TestPostgres> | undefined
  after(async () => {
    const started = await server
    if (started && 'stop' in started) await started.stop()
  })
  // Results need no thread there.
  suite('PostgreSQL', ['engine/worker'], async () => {
    server ??= startPostgres()
    const started = await server
    return 'skip' in started ? started : freshDatabase(started.url)
  })
})
