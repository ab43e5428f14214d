import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { Signal } from '#core/probe.ts'
import { pushToken } from '#lib/push-token.ts'
import { openStorage } from '#storage/index.ts'
import { openSealer } from '#storage/open-sealer.ts'
import { PUSH_KEY, signingKey } from '#storage/signing-key.ts'
import { writeLife } from '../../src/server/life.ts'
import { createHttpSink } from '../fixtures/servers/http-sink.ts'
import { addressOf, bearer, endAll, type ServerProcess, startServe, until } from './server-process.ts'

const TIMEOUT = { timeout: 90_000 }
const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('jobs that call, while nobody listened', () => {
  const folders: string[] = []
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), 'vigia-absence-'))
    folders.push(path)
    return path
  }
  after(() => {
    endAll()
    for (const path of folders) rmSync(path, { recursive: true, force: true })
  })

  /** What becomes of each monitor. */
  const statesOf = (place: string, server: ServerProcess) => {
    const headers = bearer(place)
    return async () => {
      const answer = await fetch(`${addressOf(server)}/api/v1/monitors`, { headers })
      const { items } = (await answer.json()) as { items: { name: string; state: string; cause: string | null }[] }
      return Object.fromEntries(items.map(({ name, state, cause }) => [name, cause ? `${state}: ${cause}` : state]))
    }
  }

  it(
    'are unknown after an absence in which they may have called, or a pause; what was overdue stays down',
    TIMEOUT,
    async () => {
      const sink = await createHttpSink()
      const place = folder()
      const job = (name: string, period: string) => ({ name, type: 'push', options: { period }, channels: ['hook'] })
      const config = {
        channels: [{ name: 'hook', type: 'webhook', options: { url: sink.url } }],
        monitors: [job('often', '10m'), job('seldom', '30h'), job('paused', '10m'), job('overdue', '10m')],
      }
      await (await startServe(place, config)).end('SIGTERM')

      const storage = await openStorage({ dataDir: join(place, 'data') })
      const now = Date.now()
      const ids = new Map((await storage.monitors.list()).map(({ id, name }) => [name, id]))
      const called = (name: string, signal: Signal) => storage.states.saveSignal(ids.get(name)!, signal)
      await called('often', { at: now - HOUR, ok: true })
      await called('seldom', { at: now - 2 * HOUR, ok: true })
      await called('paused', { at: now - 1000 * HOUR, ok: true, paused: true })
      await called('overdue', { at: now - 2 * HOUR, ok: true })
      const last = now - 59 * MINUTE
      await storage.transaction((repositories) =>
        writeLife(repositories, { at: last, boot: null, uptimeMs: 0, trust: { at: last, waitedMs: 0 } }),
      )
      await storage.close()

      const server = await startServe(place, config)
      const states = statesOf(place, server)
      await until(
        async () => (await states()).overdue!.startsWith('down: no call for 2h') && (await states()).seldom === 'up',
      )
      const { often, paused } = await states()
      assert.deepEqual([often, paused], ['unknown', 'unknown'])
      await until(() => sink.requests.length === 1)
      assert.match(sink.requests[0]!.body, /overdue/)
      assert.equal(await server.end('SIGTERM'), 0)
      await sink.close()
    },
  )

  it('are not missed because the server was stopped for a while', TIMEOUT, async () => {
    const sink = await createHttpSink()
    const place = folder()
    const config = {
      channels: [{ name: 'hook', type: 'webhook', options: { url: sink.url } }],
      monitors: [{ name: 'job', type: 'push', options: { period: '3s', grace: '1s' }, channels: ['hook'] }],
    }
    const server = await startServe(place, config)
    const storage = await openStorage({ dataDir: join(place, 'data'), shared: true })
    const [monitor] = await storage.monitors.list()
    const { sealer } = await openSealer(storage, join(place, 'data'), {})
    const key = (await signingKey(storage, PUSH_KEY, sealer))!
    const url = `${addressOf(server)}/push/${pushToken(key, monitor!.id)}`
    await storage.close()
    assert.equal((await fetch(url)).status, 200)
    server.child.kill('SIGSTOP')
    await new Promise((later) => setTimeout(later, 6500))
    server.child.kill('SIGCONT')
    assert.equal((await fetch(url)).status, 200)
    const states = statesOf(place, server)
    await until(async () => (await states()).job === 'up')
    assert.deepEqual(
      sink.requests.map(({ body }) => body),
      [],
    )
    assert.equal(await server.end('SIGTERM'), 0)
    await sink.close()
  })
})
