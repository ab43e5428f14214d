import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { after, afterEach, before, describe, it } from 'node:test'
import { pino } from 'pino'
import { accountsOf } from '#cli/accounts-of.ts'
import { BY_COMMAND } from '#cli/command.ts'
import { type Server, startServer } from '../../src/main.ts'
import { onBothEngines } from '../fixtures/both-engines.ts'
import { fileMonitor, type Json, until } from '../fixtures/server.ts'

const SECRET = 'Bearer the-secret-of-a-shop'
const SEALED = /sealed:1:/

/** Lives of servers on one folder, with a target that keeps what it is asked. */
const createLives = async (databaseUrl: string | undefined) => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-key-'))
  const asked: string[] = []
  const target = createServer((request, response) => {
    asked.push(JSON.stringify([request.url, request.headers]))
    response.end('well')
  }).listen(0, '127.0.0.1')
  let server: Server | undefined
  let log = ''
  let token = ''
  let answered = ''

  const lives = {
    folder,
    asked,
    log: () => log,
    answered: () => answered,
    url: () => `http://127.0.0.1:${(target.address() as AddressInfo).port}/`,
    storage: () => server!.storage,
    start: async () => {
      log = ''
      const sink = new Writable({
        write: (chunk, _encoding, done) => {
          log += chunk
          done()
        },
      })
      server = await startServer({
        dataDir: folder,
        databaseUrl,
        wanted: { channels: [], monitors: [fileMonitor('job')] },
        language: 'en',
        timeZone: 'UTC',
        listen: { host: '127.0.0.1', port: 0 },
        environment: {},
        log: pino({ level: 'trace' }, sink),
      })
      token = (
        await accountsOf(server.storage).createToken(BY_COMMAND, { name: 'test', role: 'administrator', lastsMs: null })
      ).token
    },
    stop: async () => {
      await server?.stop()
      server = undefined
    },
    end: async () => {
      await lives.stop()
      target.close()
      rmSync(folder, { recursive: true })
    },
    call: async (method: string, path: string, body?: object): Promise<{ status: number; body: Json }> => {
      const answer = await fetch(`${server!.address}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      answered += text
      return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text }
    },
    monitor: async (name: string): Promise<Json> =>
      (await lives.call('GET', '/api/v1/monitors')).body.items.find((one: Json) => one.name === name),
  }
  return lives
}

const suite = (engine: string, databaseUrl: () => Promise<string | { readonly skip: string } | undefined>) =>
  describe(`a server whose key is missing, on ${engine}`, () => {
    let lives: Awaited<ReturnType<typeof createLives>> | undefined
    let skip = ''
    before(async () => {
      const url = await databaseUrl()
      if (typeof url === 'object') skip = url.skip
      else lives = await createLives(url)
    })
    afterEach(() => lives?.stop())
    after(() => lives?.end())

    it('looks at nothing whose secrets it cannot open, says so, makes no new key, and goes on when it is back', async (context) => {
      if (!lives) return context.skip(skip)
      const { folder, asked, call, monitor } = lives
      await lives.start()
      const made = await call('POST', '/api/v1/monitors', {
        name: 'shop',
        type: 'http',
        interval: '1s',
        options: { url: lives.url(), headers: { authorization: SECRET } },
      })
      assert.equal(made.status, 201, JSON.stringify(made.body))
      const hook = await call('POST', '/api/v1/channels', {
        name: 'hook',
        type: 'webhook',
        enabled: false,
        options: { url: 'https://192.0.2.1/', secret: 'to sign' },
      })
      assert.equal(hook.status, 201, JSON.stringify(hook.body))
      await until(async () => (await monitor('shop')).state === 'up', 'the state up')
      const [, pushUrl] = /push URL of job: \S+(\/push\/[\w-]+)"/.exec(lives.log())!
      assert.equal((await call('GET', pushUrl!)).status, 200)
      for (const name of ['ack_key', 'push_key'])
        assert.match((await lives.storage().settings.get<string>(name))!, SEALED, `${name} is stored in clear`)
      await lives.stop()

      const key = join(folder, 'secret.key')
      mkdirSync(join(folder, 'kept'))
      renameSync(key, join(folder, 'kept/secret.key'))
      asked.length = 0
      await lives.start()
      assert.match(lives.log(), /sealed with a key that is missing \(id [0-9a-f]{12}\): bring secret\.key back/)
      assert.match(lives.log(), /"monitors":\["job","shop"\]/)
      for (const name of ['shop', 'job'])
        await until(async () => {
          const { state, cause } = await monitor(name)
          return state === 'unknown' && /key .*missing on this server/.test(cause)
        }, `${name} as unknown`)
      const { body: results } = await call('GET', `/api/v1/monitors/${made.body.id}/results`)
      assert.equal(results.items.at(-1).code ?? results.items.at(-1).error, 'key_missing')
      assert.equal((await call('GET', pushUrl!)).status, 503)
      const check = await call('POST', `/api/v1/monitors/${made.body.id}/check`)
      assert.match(JSON.stringify(check.body), /key_missing/)
      // Neither kept unseen nor sealed anew.
      const renamed = await call('PATCH', `/api/v1/monitors/${made.body.id}`, { labels: { a: 'b' } })
      assert.deepEqual([renamed.status, renamed.body.code], [409, 'key_missing'])
      const created = await call('POST', '/api/v1/channels', {
        name: 'other',
        type: 'webhook',
        enabled: false,
        options: { url: 'https://192.0.2.1/', secret: 'x' },
      })
      assert.deepEqual([created.status, created.body.code], [409, 'key_missing'])
      assert.equal((await call('PATCH', `/api/v1/channels/${hook.body.id}`, { language: 'es' })).status, 409)
      const { notes, notes_causes } = (await call('GET', '/readyz')).body
      assert.match(notes[0], /key that is missing/)
      assert.equal(notes_causes[0].cause_code, 'sealed_with_missing_key')
      const told = async () => (await call('GET', '/api/v1/events?type=vigia_storage')).body.items[0]?.status
      await until(async () => (await told()) === 'firing', 'word of it')
      await call('GET', `/api/v1/monitors/${made.body.id}/entry`)
      await lives.stop()
      assert.deepEqual(asked, [])
      assert.doesNotMatch(lives.answered(), SEALED)
      assert.doesNotMatch(lives.log(), SEALED)
      assert.ok(!readdirSync(folder).includes('secret.key'))

      copyFileSync(join(folder, 'kept/secret.key'), key)
      await lives.start()
      await until(async () => (await monitor('shop')).state === 'up', 'the state up again')
      assert.ok(lives.asked.length > 0 && lives.asked.every((one) => one.includes(SECRET)))
      assert.equal((await call('GET', pushUrl!)).status, 200)
      await until(async () => (await told()) === 'resolved', 'word that it is back')
      await lives.stop()
    })

    it('seals what an older one kept in clear', async (context) => {
      if (!lives) return context.skip(skip)
      await lives.start()
      const clear = {
        ack_key: Buffer.alloc(32, 1).toString('base64'),
        push_key: Buffer.alloc(32, 2).toString('base64'),
      }
      for (const [name, value] of Object.entries(clear)) await lives.storage().settings.set(name, value)
      await lives.stop()
      await lives.start()
      const [, pushUrl] = /push URL of job: \S+(\/push\/[\w-]+)"/.exec(lives.log())!
      for (const name of Object.keys(clear)) assert.match((await lives.storage().settings.get<string>(name))!, SEALED)
      await lives.stop()
      for (const name of readdirSync(lives.folder).filter((one) => one.startsWith('vigia.db')))
        for (const value of Object.values(clear))
          assert.ok(!readFileSync(join(lives.folder, name)).includes(value), `${name} holds a key in clear`)
      await lives.start()
      assert.equal((await lives.call('GET', pushUrl!)).status, 200)
      await lives.stop()
    })
  })

onBothEngines(suite)
