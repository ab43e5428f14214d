import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { pino } from 'pino'
import { accountsOf } from '#cli/accounts-of.ts'
import { BY_COMMAND } from '#cli/command.ts'
import { type Server, startServer } from '../../src/main.ts'
import { createTarget } from '../e2e/server-process.ts'
import { fileChannel, fileMonitor, type Json, until } from '../fixtures/server.ts'
import { createHttpSink } from '../fixtures/servers/http-sink.ts'

describe('a start on a full disk', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'vigia-full-'))
  let server: Server | undefined
  after(async () => {
    await server?.stop()
    rmSync(dataDir, { recursive: true })
  })

  it('watches and tells from memory, acknowledges nothing, and the next life on the disk knows all of it', async () => {
    const sink = await createHttpSink()
    const target = await createTarget()
    const monitor = fileMonitor('web', {
      type: 'tcp',
      options: { host: '127.0.0.1', port: target.port() },
      intervalMs: 200,
      recoveryIntervalMs: 200,
      channels: ['hook'],
    })
    const start = (away: boolean) =>
      startServer({
        dataDir,
        away,
        wanted: { channels: [fileChannel('hook', sink.url)], monitors: [monitor] },
        language: 'en',
        timeZone: 'UTC',
        listen: { host: '127.0.0.1', port: 0 },
        environment: {},
        log: pino({ level: 'silent' }),
      })
    const told = () => sink.requests.map(({ body }) => JSON.parse(body) as Json).map(({ reason }) => reason)
    const get = async (path: string, token?: string): Promise<{ status: number; body: Json }> => {
      const answer = await fetch(server!.address + path, {
        ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
      })
      return { status: answer.status, body: await answer.json() }
    }
    const state = async () => (await server!.storage.states.all())[0]?.state

    server = await start(false)
    const { token } = await accountsOf(server.storage).createToken(BY_COMMAND, {
      name: 'test',
      role: 'operator',
      lastsMs: null,
    })
    await until(async () => (await state()) === 'up', 'the state up')
    await server.stop()

    server = await start(true)
    const ready = await get('/readyz')
    assert.equal(ready.status, 503)
    assert.match(ready.body.reason, /disk is full.*from memory/)
    for (const path of ['/api/v1/events', '/api/v1/silences', '/alerts/api/rules']) {
      const answer = await fetch(server.address + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{"type":"x"}',
      })
      assert.deepEqual([answer.status, ((await answer.json()) as Json).code], [503, 'unavailable'])
    }
    await target.down()
    await until(async () => told().join() === 'first', 'word of the outage')
    assert.equal((await get('/api/v1/alerts?status=firing', token)).body.items.length, 1)
    await server.stop()

    server = await start(false)
    assert.equal((await get('/api/v1/alerts?status=firing', token)).body.items.length, 1)
    await target.up()
    await until(async () => told().join() === 'first,resolved', 'word of the recovery')
    await target.down()
    await sink.close()
  })
})
