import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import fc from 'fast-check'
import { createDnsServer, createNameFiles, serverLine } from '../../test/fixtures/servers/dns-server.ts'
import { createNames } from './names.ts'

const DAY_MS = 86_400_000

describe('last known addresses in a file', () => {
  let folder: string
  let book: string
  let silent = false
  let files: ReturnType<typeof createNameFiles>
  let dns: Awaited<ReturnType<typeof createDnsServer>>
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-book-'))
    book = join(folder, 'addresses.jsonl')
    silent = false
    dns = await createDnsServer((name) => {
      if (silent) return undefined
      return name === 'gone.test' ? { rcode: 3 } : { a: ['192.0.2.1', '192.0.2.2'], ttl: 60 }
    })
    files = createNameFiles({ resolvConf: `${serverLine(dns)}options timeout:1 attempts:1\n` })
  })
  afterEach(async () => {
    await dns.close()
    files.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  const begin = (laterMs = 0) => createNames({ files: files.files, book, now: () => Date.now() + laterMs })
  const ask = (names: ReturnType<typeof begin>, host: string) => names.resolve(host, 4, AbortSignal.timeout(5000))
  const learn = async (...hosts: readonly string[]) => {
    const names = begin()
    for (const host of hosts) await ask(names, host)
    names.close()
  }

  it('serve after a restart while nobody answers, with their age, for a week', async () => {
    await learn('web.test')
    silent = true
    const later = begin(3 * DAY_MS)
    const found = await ask(later, 'web.test')
    assert.ok('addresses' in found, JSON.stringify(found))
    assert.deepEqual(found.addresses, ['192.0.2.1', '192.0.2.2'])
    assert.equal(Math.floor(found.lastKnownMs! / DAY_MS), 3)
    later.close()
    const tooLate = begin(8 * DAY_MS)
    const lost = await ask(tooLate, 'web.test')
    assert.equal('code' in lost && lost.code, 'resolver_silent')
    tooLate.close()
  })

  it('are asked for all the same where somebody answers', async () => {
    await learn('web.test')
    const names = begin()
    assert.equal(names.known('web.test', 4), undefined)
    const found = await ask(names, 'web.test')
    assert.ok('addresses' in found)
    assert.equal(found.lastKnownMs, undefined)
    names.close()
  })

  it('are read by nobody but their owner, and grow no older by a second restart', async () => {
    await learn('web.test')
    assert.equal(statSync(book).mode & 0o777, 0o600)
    const before = readFileSync(book, 'utf8')
    silent = true
    const names = begin(DAY_MS)
    await ask(names, 'web.test')
    names.close()
    assert.equal(readFileSync(book, 'utf8'), before)
  })

  it('are no file where nothing has a name, or none was found', async () => {
    await learn('192.0.2.7', 'gone.test', 'localhost')
    assert.throws(() => statSync(book), { code: 'ENOENT' })
  })

  it('forget a name that is no longer there', async () => {
    await learn('web.test', 'other.test')
    await dns.close()
    dns = await createDnsServer((name) => (name === 'web.test' ? { rcode: 3 } : { a: ['192.0.2.9'] }))
    files.write('resolvConf', serverLine(dns))
    await learn('web.test', 'other.test')
    const lines = readFileSync(book, 'utf8').trim().split('\n')
    assert.deepEqual(
      lines.map((line) => [JSON.parse(line)[0], JSON.parse(line)[2]]),
      [['4 other.test', ['192.0.2.9']]],
    )
  })

  it('are read from a file that nobody checked, and never come to more than addresses', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.json({ maxDepth: 2 }),
      fc
        .tuple(
          fc.constantFrom('0 a.test', '4 ', 'x', '6 b.test'),
          fc.double(),
          fc.array(fc.oneof(fc.ipV4(), fc.string())),
        )
        .map((row) => JSON.stringify(row)),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        writeFileSync(book, lines.join('\n'))
        const names = begin()
        assert.equal(names.known('a.test', 0), undefined)
        assert.ok(['unknown', 'known'].includes(names.standing('a.test', 0)))
        names.close()
      }),
      { numRuns: 100 },
    )
  })

  it('that cannot be written hold up nothing', async () => {
    book = join(folder, 'no', 'such', 'folder')
    const names = begin()
    assert.ok('addresses' in (await ask(names, 'web.test')))
    names.close()
  })
})
