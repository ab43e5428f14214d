import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, it } from 'node:test'
import { type ReadPlan, readImport } from '#importers/index.ts'
import { kumaOne } from '../fixtures/imports/kuma.ts'
import { writeSample } from '../fixtures/imports/sample.ts'

const BIN = resolve(import.meta.dirname, '../../bin/vigia.mjs')
const context = { timeZone: 'UTC', now: Date.UTC(2026, 10, 30, 12) }
const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const newFolder = (files: Readonly<Record<string, string>> = {}): string => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-import-source-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

const read = (path: string, kind?: string) => {
  const found = readImport(path, kind, context)
  if (found.ok) for (const { plan } of found.plans) plan.close?.()
  return found
}
const refusals = (path: string, kind?: string): string[] => {
  const found = read(path, kind)
  return found.ok ? [] : found.refused.map(({ why }) => why.code)
}

describe('sources of imports', () => {
  it('are read with what their database has not yet taken in, and nothing beside them changes', () => {
    const { folder, remove } = writeSample(kumaOne)
    const path = join(folder, 'data', 'kuma.db')
    const tool = new DatabaseSync(path)
    tool.exec(
      "pragma journal_mode = wal; insert into monitor (name, type, hostname) values ('Late', 'ping', '10.0.0.77')",
    )
    const before = readdirSync(join(folder, 'data')).map(
      (name) => `${name} ${readFileSync(join(folder, 'data', name)).length}`,
    )
    const found = read(folder)
    assert.ok(found.ok && found.plans[0]!.plan.monitors!.some(({ entry }) => entry.name === 'Late'))
    assert.deepEqual(
      readdirSync(join(folder, 'data')).map((name) => `${name} ${readFileSync(join(folder, 'data', name)).length}`),
      before,
    )
    tool.close()
    remove()
  })

  it('are refused where little would become much, or where they are too large to be what they seem', () => {
    const bomb = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
        : `a${level}: &a${level} [${Array(9)
            .fill(`*a${level - 1}`)
            .join(', ')}]`,
    ).join('\n')
    const folder = newFolder({
      'config.yaml': `${bomb}\nendpoints:\n  - name: a\n    url: "https://x"\n    conditions: ["[STATUS] == 200"]\n`,
    })
    assert.deepEqual(refusals(folder), ['import_bad_yaml'])
    const large = newFolder({ 'list.csv': 'name,ip\na,10.0.0.1\n' })
    truncateSync(join(large, 'list.csv'), 200 * 1024 * 1024)
    assert.deepEqual(refusals(large, 'list'), ['import_too_large'])
    const deep = newFolder({ 'config.yaml': `endpoints:\n  - name: a\n    group: ${'['.repeat(20_000)}\n` })
    assert.deepEqual(refusals(deep), ['import_bad_yaml'])
  })

  it('do not lead out of the folder that was given', () => {
    const outside = newFolder({ Targets: '*** Targets ***\n+ Secret\nhost = 10.6.6.6\n' })
    const folder = newFolder({
      config: `@include ${outside}/Targets\n@include ../Targets\n*** Targets ***\n+ Own\nhost = 10.0.0.1\n`,
    })
    symlinkSync(join(outside, 'Targets'), join(folder, 'link'))
    const found = read(folder)
    assert.ok(found.ok)
    assert.deepEqual(
      found.plans.flatMap(({ plan }) => plan.monitors!.map(({ entry }) => entry.name)),
      ['Own'],
    )
    assert.deepEqual(
      found.plans.flatMap(({ plan }) => plan.left!.map(({ why }) => why.code)),
      ['import_file_missing', 'import_file_missing'],
    )
  })

  it('may turn out to be damaged in the middle: then nothing of them is stored', () => {
    const { folder, remove } = writeSample(kumaOne)
    const path = join(folder, 'data', 'kuma.db')
    const db = new DatabaseSync(path)
    db.exec(`with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000)
      insert into heartbeat (monitor_id, status, time, ping) select 4, 1, '2026-11-29 11:00:00', 5 from n`)
    const size = readFileSync(path).length
    db.close()
    const whole = readFileSync(path)
    // Its last pages are those of heartbeats.
    whole.fill(0xff, Math.floor(size * 0.7), Math.floor(size * 0.9))
    writeFileSync(path, whole)
    const data = newFolder()
    const made = spawnSync(process.execPath, [BIN, 'import', folder, '--apply', '--data', data], { encoding: 'utf8' })
    assert.equal(made.status, 1, made.stderr)
    assert.match(made.stderr, /kuma\.db: the database cannot be read/)
    assert.doesNotMatch(made.stderr, /at \w+.*\.ts/)
    if (existsSync(join(data, 'vigia.db'))) {
      const store = new DatabaseSync(join(data, 'vigia.db'))
      assert.deepEqual({ ...store.prepare('select count(*) as n from monitors').get() }, { n: 0 })
      store.close()
    }
    remove()
  })

  it('have databases of SmokePing dumped where rrdtool is installed, and only where programs may read them', (t) => {
    if (spawnSync('rrdtool', ['--version']).status !== 0) return t.skip('rrdtool is not installed')
    const folder = newFolder({
      config:
        '*** Probes ***\n+ FPing\nbinary = /usr/bin/fping\n*** Targets ***\nprobe = FPing\n+ POPs\nmenu = POPs\n++ pop7\nmenu = POP 7\nhost = 10.7.0.1\n',
    })
    mkdirSync(join(folder, 'data/POPs'), { recursive: true })
    const file = join(folder, 'data/POPs/pop7.rrd')
    const start = 1_796_000_400
    const sources = ['uptime', 'loss', 'median', 'ping1', 'ping2'].map((name) => `DS:${name}:GAUGE:600:U:U`)
    const archive = 'RRA:AVERAGE:0.5:1:100'
    spawnSync('rrdtool', ['create', file, '--start', String(start), '--step', '300', ...sources, archive])
    for (const step of [1, 2, 3]) spawnSync('rrdtool', ['update', file, `${start + 300 * step}:U:0:0.01:0.01:0.02`])
    const codes = (programs: boolean) => {
      const read = readImport(folder, undefined, { ...context, programs })
      assert.ok(read.ok)
      const [{ plan }] = read.plans as [ReadPlan]
      const looks = [...(plan.history?.() ?? [])].flatMap(({ spans }) => spans.map(({ summary }) => summary.total))
      return [plan.left?.map(({ why }) => why.code), looks]
    }
    assert.deepEqual(codes(true), [[], [3]])
    assert.deepEqual(codes(false), [['import_rrd_undumped'], []])
  })

  it('say what to do where a server runs with the folder, or a file is there already', () => {
    const folder = newFolder({ 'list.csv': 'name,ip\nrouter,10.0.0.1\n' })
    const file = join(folder, 'vigia.yaml')
    writeFileSync(file, '')
    const made = spawnSync(
      process.execPath,
      [BIN, 'import', join(folder, 'list.csv'), '--as-file', file, '--data', folder],
      { encoding: 'utf8' },
    )
    assert.equal(made.status, 1)
    assert.match(made.stderr, /is there already, and nothing is written over/)
  })
})
