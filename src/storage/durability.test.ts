import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, it } from 'node:test'
import { createDurability } from './durability.ts'
import { openSqlite } from './sqlite.ts'

const FULL = 2
const NORMAL = 1

describe('durability', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-durability-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const setting = (database: DatabaseSync) =>
    (database.prepare('pragma synchronous').get() as { synchronous: number }).synchronous

  it('leaves the flush to the caller between defer and restore only', async () => {
    const path = join(folder, 'a.db')
    const database = openSqlite(path)
    const durability = createDurability(database, path)
    for (const _ of [1, 2]) {
      assert.equal(setting(database), FULL)
      durability.defer()
      assert.equal(setting(database), NORMAL)
      durability.restore()
    }
    assert.equal(setting(database), FULL)
    await durability.close()
    database.close()
  })

  it('answers every flush, many asked for at once as well', async () => {
    const path = join(folder, 'b.db')
    const database = openSqlite(path)
    database.exec('create table t (a)')
    const durability = createDurability(database, path)
    const first = durability.flush()
    const rest = Array.from({ length: 50 }, () => durability.flush())
    assert.equal(new Set(rest).size, 1)
    await Promise.all([first, ...rest])
    await durability.flush()
    await durability.close()
    database.close()
  })

  it('tells of a log that cannot be flushed', async () => {
    const path = join(folder, 'c.db')
    const database = openSqlite(path)
    const durability = createDurability(database, join(folder, 'elsewhere.db'))
    await assert.rejects(durability.flush(), /ENOENT/)
    await durability.close()
    database.close()
  })

  it('changes nothing where there is no write-ahead log', async () => {
    const database = new DatabaseSync(join(folder, 'd.db'))
    const durability = createDurability(database, join(folder, 'd.db'))
    durability.defer()
    assert.equal(setting(database), FULL)
    await durability.flush()
    database.close()
  })
})
