import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, it } from 'node:test'
import { hasRoom, openAway, putBack } from './away.ts'
import { openStorage } from './index.ts'

const NAMES = "select type, name, sql from sqlite_schema where name not like 'sqlite_%' order by name"

describe('a database in memory while the disk takes nothing', () => {
  const root = mkdtempSync(join(tmpdir(), 'vigia-away-'))
  after(() => rmSync(root, { recursive: true }))
  let folders = 0
  const folder = () => join(root, String(++folders))

  const event = (subject: string) => ({
    type: 'custom',
    source: 'api',
    severity: 'LOW' as const,
    subject,
    at: 1,
    receivedAt: 1,
    monitorId: null,
    data: {},
  })

  /** What a server leaves that was killed: the newest stands in the log only, and the index of the log is gone. */
  const killed = async () => {
    const [lived, left] = [folder(), folder()]
    const storage = await openStorage({ dataDir: lived })
    await storage.events.insertAll([event('a'), event('b')])
    mkdirSync(left)
    for (const name of ['vigia.db', 'vigia.db-wal']) copyFileSync(join(lived, name), join(left, name))
    await storage.close()
    return left
  }

  it('holds all that the file and its log hold', async () => {
    const data = await killed()
    const path = join(data, 'vigia.db')
    const memory = openAway(path)
    assert.deepEqual(
      memory
        .prepare('select subject from events order by id')
        .all()
        .map((row) => row.subject),
      ['a', 'b'],
    )
    assert.equal(hasRoom(memory, path), true)
    const file = new DatabaseSync(path)
    assert.deepEqual(memory.prepare(NAMES).all(), file.prepare(NAMES).all())
    file.close()
    memory.close()
  })

  it('takes the place of the file whole, and its ids go on', async () => {
    const data = await killed()
    const away = await openStorage({ dataDir: data, away: true })
    assert.equal(away.away!.trouble.code, 'store_in_memory')
    await away.transaction(({ events }) => events.insertAll([event('c')]))
    assert.equal(away.away!.hasRoom(), true)
    await away.close()
    assert.deepEqual(readdirSync(data), ['vigia.db'])
    assert.equal(statSync(join(data, 'vigia.db')).mode & 0o777, 0o600)
    const storage = await openStorage({ dataDir: data })
    assert.equal(storage.away, undefined)
    const { id } = await storage.events.insert(event('d'))
    assert.deepEqual(
      (await storage.events.list({ limit: 9 })).map(({ subject }) => subject),
      ['d', 'c', 'b', 'a'],
    )
    assert.equal(id, 4)
    await storage.close()
  })

  it('begins empty where no server has ever run, and is a database like any other afterwards', async () => {
    const data = folder()
    const away = await openStorage({ dataDir: data, away: true })
    await away.events.insert(event('first'))
    await away.close()
    const storage = await openStorage({ dataDir: data })
    assert.equal((await storage.events.list({ limit: 9 })).length, 1)
    await storage.close()
  })

  it('leaves the old file where it cannot be written back, and says so', async () => {
    const data = await killed()
    const heard: (string | undefined)[] = []
    const away = await openStorage({ dataDir: data, away: true, onTrouble: (trouble) => heard.push(trouble) })
    await away.events.insert(event('c'))
    // Nobody can write a file of this name.
    mkdirSync(join(data, 'vigia.db.partial', 'taken'), { recursive: true })
    await away.close()
    assert.match(heard[0]!, /could not be written, and is lost/)
    const memory = openAway(join(data, 'vigia.db'))
    assert.throws(() => putBack(memory, join(data, 'vigia.db')))
    memory.close()
    rmSync(join(data, 'vigia.db.partial'), { recursive: true })
    const storage = await openStorage({ dataDir: data })
    assert.equal((await storage.events.list({ limit: 9 })).length, 2)
    await storage.close()
  })
})
