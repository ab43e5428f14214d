import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, it } from 'node:test'
import { Worker } from 'node:worker_threads'
import { backupFolder, restoreFolder } from './backup.ts'

const BIN = resolve(import.meta.dirname, '../../bin/vigia.mjs')
const root = mkdtempSync(join(tmpdir(), 'vigia-backup-'))
after(() => rmSync(root, { recursive: true }))
let folders = 0
const folder = () => join(root, String(++folders))

/** A database of some rows, as large as wanted. */
const fill = (path: string, rows: number) => {
  const db = new DatabaseSync(path)
  db.exec('pragma journal_mode = wal; create table rows (id integer primary key, body text); begin')
  const insert = db.prepare('insert into rows (body) values (?)')
  for (let row = 0; row < rows; row++) insert.run('x'.repeat(900))
  db.exec('commit')
  db.close()
}

const dataFolder = (rows = 10) => {
  const path = folder()
  mkdirSync(path)
  fill(join(path, 'vigia.db'), rows)
  fill(join(path, 'history.db'), 10)
  return path
}

const countIn = (path: string): number => {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    return (db.prepare('select count(*) as count from rows').get() as { count: number }).count
  } finally {
    db.close()
  }
}

/** A thread that commits without a pause, each time a row more. */
const WRITER = `
  const { DatabaseSync } = require('node:sqlite')
  const { workerData, parentPort } = require('node:worker_threads')
  const db = new DatabaseSync(workerData, { timeout: 5000 })
  const insert = db.prepare("insert into rows (body) values ('new')")
  let on = true
  parentPort.on('message', () => { on = false })
  const write = () => { insert.run(); if (on) setImmediate(write); else { db.close(); parentPort.close() } }
  write()
`

describe('a backup', () => {
  it('ends while a server writes without a pause, and leaves its copies alone and private', async () => {
    const data = dataFolder(5000)
    const target = folder()
    const writer = new Worker(WRITER, { eval: true, workerData: join(data, 'vigia.db') })
    await once(writer, 'online')
    const mask = process.umask(0)
    try {
      assert.deepEqual(await backupFolder(data, target), [join(target, 'history.db'), join(target, 'vigia.db')])
    } finally {
      process.umask(mask)
      writer.postMessage('stop')
      await once(writer, 'exit')
    }
    assert.deepEqual(readdirSync(target).sort(), ['history.db', 'vigia.db'])
    for (const name of readdirSync(target)) assert.equal(statSync(join(target, name)).mode & 0o777, 0o600)
    assert.equal(statSync(target).mode & 0o777, 0o700)
    assert.ok(countIn(join(target, 'vigia.db')) >= 5000)
  })

  it('that was killed keeps the next one from nothing', async () => {
    const data = dataFolder()
    const target = folder()
    mkdirSync(target)
    for (const name of ['vigia.db.partial', 'vigia.db.partial-journal', 'history.db'])
      writeFileSync(join(target, name), 'half a copy')
    // Of a process that is no more.
    writeFileSync(join(target, 'vigia.lock'), '999999999 1\n')
    await backupFolder(data, target)
    assert.deepEqual(readdirSync(target).sort(), ['history.db', 'vigia.db'])
    assert.equal(countIn(join(target, 'vigia.db')), 10)
  })

  it('that is interrupted takes away what it began', async () => {
    const data = dataFolder(60_000)
    const target = folder()
    const child = spawn(process.execPath, [BIN, 'backup', target, '--data', data], { stdio: 'ignore' })
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>
    let over = false
    void ended.then(() => {
      over = true
    })
    while (!over && !existsSync(join(target, 'vigia.db.partial'))) await new Promise((later) => setTimeout(later, 1))
    child.kill('SIGINT')
    const [code] = await ended
    const left = readdirSync(target).sort()
    // On a fast disk it may have been done by then.
    assert.deepEqual(left, code === 0 ? ['history.db', 'vigia.db'] : [])
  })

  it('is refused where one is already, and where there is nothing to copy', async () => {
    const data = dataFolder()
    const target = folder()
    await backupFolder(data, target)
    await assert.rejects(backupFolder(data, target), /vigia\.db exists already\. Name a new folder/)
    await assert.rejects(backupFolder(data, data), /exists already/)
    rmSync(join(data, 'vigia.db'))
    await assert.rejects(backupFolder(data, folder()), /vigia\.db is missing, though history\.db/)
    await assert.rejects(backupFolder(folder(), folder()), /holds no vigia\.db\. Name the data folder/)
    // Somebody's graphs are nobody's leftovers.
    await assert.rejects(backupFolder(dataFolder(), data), /history\.db exists already/)
    assert.equal(countIn(join(data, 'history.db')), 10)
  })

  it('that is damaged leaves the data folder as it is', async () => {
    const data = dataFolder(2000)
    const target = folder()
    await backupFolder(data, target)
    truncateSync(join(target, 'vigia.db'), 100_000)
    assert.throws(() => restoreFolder(target, data, new Date()), /damaged/)
    assert.deepEqual(
      readdirSync(data).filter((name) => /partial|before|lock/.test(name)),
      [],
    )
    // Sound for SQLite, and a backup of nothing.
    truncateSync(join(target, 'vigia.db'), 0)
    assert.throws(() => restoreFolder(target, data, new Date()), /damaged: it is empty/)
    assert.equal(countIn(join(data, 'vigia.db')), 2000)
  })

  it('that was copied by hand beside a running server comes back with its log', () => {
    const data = dataFolder()
    const source = folder()
    mkdirSync(source)
    const db = new DatabaseSync(join(data, 'vigia.db'))
    db.exec("insert into rows (body) values ('newest')")
    for (const name of ['vigia.db', 'vigia.db-wal']) copyFileSync(join(data, name), join(source, name))
    db.close()
    const back = folder()
    assert.equal(restoreFolder(source, back, new Date()), undefined)
    assert.deepEqual(readdirSync(back), ['vigia.db'])
    assert.equal(countIn(join(back, 'vigia.db')), 11)
    assert.equal(statSync(join(back, 'vigia.db')).mode & 0o777, 0o600)
    assert.match(restoreFolder(source, back, new Date())!, /before-restore/)
  })
})
