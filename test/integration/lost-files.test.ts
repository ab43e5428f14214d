import assert from 'node:assert/strict'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, beforeEach, describe, it } from 'node:test'
import { backupFolder } from '#storage/backup.ts'
import type { HistoryListener } from '#storage/history/index.ts'
import { openStorage, type Storage, type StorageOptions } from '#storage/index.ts'
import { inEnglish } from '#templates/said.ts'
import { dataFindings } from '../../src/cli/data-findings.ts'
import { packResults } from '../fixtures/pack-results.ts'

const AT = Date.UTC(2026, 6, 1, 12)
const result = { monitorId: 1, at: AT, latencyMs: 3, code: 'ok' as const, metrics: undefined }

describe('files of a data folder that are lost or damaged', () => {
  const root = mkdtempSync(join(tmpdir(), 'vigia-lost-'))
  after(() => rmSync(root, { recursive: true }))
  let folder = ''
  let heard: string[] = []
  const listener: HistoryListener = {
    onTrouble: (trouble) => trouble !== undefined && heard.push(inEnglish(trouble)),
    onDamage: (damage) => heard.push(inEnglish(damage)),
    onRestart: () => {},
  }

  const open = (options: Partial<StorageOptions> = {}) => openStorage({ dataDir: folder, ...options })
  /** A life of a server on the folder: one result is kept, and what is known of its monitor is told. */
  const live = async (options?: Partial<StorageOptions>): Promise<number> => {
    const storage: Storage = await open(options)
    const history = await storage.openHistory(listener)
    const known = (await history.range(1, AT - 1, AT + 1)).at.length
    if (known === 0) history.append(packResults([result]))
    await history.range(1, 0, 1)
    await history.close()
    await storage.close()
    return known
  }
  const lose = () => {
    for (const name of readdirSync(folder)) if (name.startsWith('vigia.db')) rmSync(join(folder, name))
  }
  const damage = (where: (path: string, size: number) => void) => {
    const path = join(folder, 'history.db')
    where(path, statSync(path).size)
  }

  beforeEach(async () => {
    folder = mkdtempSync(join(root, 'data-'))
    heard = []
    assert.equal(await live(), 0)
    assert.equal(await live(), 1)
  })

  it('a database that is gone or empty is not begun anew by itself, by no command', async () => {
    lose()
    const refusal = { name: 'StorageError', fault: 'lost', message: /vigia restore FOLDER.*--new-database/ }
    const missing = { ...refusal, message: /vigia\.db is missing, though history\.db/ }
    await assert.rejects(open(), missing)
    await assert.rejects(open({ shared: true }), missing)
    await assert.rejects(backupFolder(folder, join(root, 'copy')), missing)
    writeFileSync(join(folder, 'vigia.db'), '')
    await assert.rejects(open(), { ...refusal, message: /vigia\.db is empty/ })
    await assert.rejects(open({ shared: true }), refusal)
    await assert.rejects(backupFolder(folder, join(root, 'copy')), refusal)
    assert.equal(statSync(join(folder, 'vigia.db')).size, 0)
    assert.match(dataFindings(folder)[0]!.found, /vigia\.db is empty/)
    rmSync(join(folder, 'history.db'))
    writeFileSync(join(folder, 'secret.key'), 'x')
    await assert.rejects(open(), { ...refusal, message: /secret\.key shows/ })
    rmSync(join(folder, 'secret.key'))
    // Nobody has ever run here, but for a server that was killed as it began.
    await (await open()).close()
  })

  it('is begun anew on purpose, and what was there is moved', async () => {
    lose()
    let moved = ''
    const storage = await open({
      anew: true,
      onMoved: (where) => {
        moved = where
      },
    })
    await storage.close()
    assert.ok(readdirSync(moved).includes('history.db'))
    assert.equal(await live({ anew: true }), 0)
    assert.equal(await live({ anew: true }), 1)
  })

  it('graphs of another installation are not shown, and not lost', async () => {
    const graphs = readFileSync(join(folder, 'history.db'))
    folder = mkdtempSync(join(root, 'data-'))
    await live()
    writeFileSync(join(folder, 'history.db'), graphs)
    assert.equal(await live(), 0)
    const [aside] = readdirSync(folder).filter((name) => name.startsWith('history.db.other-'))
    const theirs = new DatabaseSync(join(folder, aside!))
    assert.deepEqual({ ...theirs.prepare('select count(*) as rows from journal').get() }, { rows: 1 })
    theirs.close()
    assert.match(heard[0]!, /^history\.db is of another installation and is set aside as history\.db\.other-/)
    assert.equal(await live(), 1)
  })

  it('graphs of a server that knew no installations stay', async () => {
    const db = new DatabaseSync(join(folder, 'history.db'))
    db.exec('drop table installation')
    db.close()
    assert.equal(await live(), 1)
    assert.deepEqual(heard, [])
  })

  it('damaged graphs are set aside, and new ones begin', async () => {
    const damages: readonly ((path: string, size: number) => void)[] = [
      (path, size) => truncateSync(path, Math.floor(size / 2)),
      (path) => writeFileSync(path, 'no database at all, but some text instead of it'.repeat(100)),
      (path, size) => {
        const bytes = readFileSync(path)
        for (let index = 100; index < size; index += 7) bytes[index]! ^= 0x55
        writeFileSync(path, bytes)
      },
    ]
    for (const one of damages) {
      heard = []
      damage(one)
      assert.equal(await live(), 0)
      assert.match(heard[0] ?? '', /^history\.db was damaged and is set aside as history\.db\.damaged-/)
      assert.equal(await live(), 1)
    }
    const asides = readdirSync(folder).filter((name) => /damaged-.*Z$/.test(name))
    assert.equal(asides.length, 3)
    assert.equal(dataFindings(folder).filter(({ check }) => check === 'graphs').length, 3)
  })

  it('graphs that turn out to be damaged while they are written are replaced, and nothing new is lost', async () => {
    const storage = await open()
    const history = await storage.openHistory(listener)
    await history.range(1, 0, 1)
    const db = new DatabaseSync(join(folder, 'history.db'))
    const { root } = db.prepare("select rootpage as root from sqlite_schema where name = 'journal'").get() as {
      root: number
    }
    const { page } = db.prepare('select page_size as page from pragma_page_size').get() as { page: number }
    db.exec('pragma wal_checkpoint(truncate)')
    db.close()
    const bytes = readFileSync(join(folder, 'history.db'))
    bytes.fill(0x55, (root - 1) * page, root * page)
    writeFileSync(join(folder, 'history.db'), bytes)
    history.append(packResults([{ ...result, at: AT + 5 }]))
    while ((await history.range(1, AT + 5, AT + 6)).at.length === 0) await new Promise((later) => setTimeout(later, 5))
    assert.match(heard[0]!, /was damaged and is set aside/)
    await history.close()
    await storage.close()
  })

  it('a file of a newer program is left alone, and watching goes on without graphs', async () => {
    const db = new DatabaseSync(join(folder, 'history.db'))
    db.exec('pragma user_version = 99')
    db.close()
    const storage = await open()
    const history = await storage.openHistory(listener)
    assert.match(heard[0]!, /written by a newer Vigía/)
    await assert.rejects(history.range(1, 0, 1), { name: 'StorageError' })
    await history.close()
    await storage.close()
    assert.ok(existsSync(join(folder, 'history.db')))
  })
})
