import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { NewBan } from '#core/ban/ban.ts'
import type { FilePosition } from '#core/event/file-position.ts'
import type { Storage } from '#storage/index.ts'
import { overBothStorages } from '../fixtures/both-engines.ts'

const ban = (ip: string, changes: Partial<NewBan> = {}): NewBan => ({
  server: 'here',
  jail: 'sshd',
  ip,
  since: 1000,
  expiresAt: 5000,
  failures: 3,
  manual: null,
  ...changes,
})
const manual = (changes: Partial<NonNullable<NewBan['manual']>> = {}) => ({
  by: 'user:ana',
  reason: 'scan',
  confirmed: true,
  renewAt: null,
  ...changes,
})
const position = (id: string, offset: number): FilePosition => ({
  id,
  path: '/var/log/a.log',
  inode: '1:2',
  head: '\0ÿ\n',
  offset,
  tail: 'é\u0001',
  skipping: false,
  sealed: '',
})

const suite = (open: () => Promise<Storage | { readonly skip: string }>) => {
  const use = (title: string, test: (storage: Storage) => Promise<void>) =>
    it(title, async (context) => {
      const storage = await open()
      if ('skip' in storage) return context.skip(storage.skip)
      try {
        await test(storage)
      } finally {
        await storage.close()
      }
    })

  use('keeps one ban of an address in a jail', async ({ bans }) => {
    await bans.save(ban('203.0.113.7'))
    await bans.save(ban('203.0.113.7', { jail: 'web' }))
    await bans.save(ban('203.0.113.7', { expiresAt: null, manual: manual({ renewAt: 2000 }) }))
    const key = { server: 'here', jail: 'sshd', ip: '203.0.113.7' }
    const { id, ...found } = (await bans.find(key))!
    assert.equal(typeof id, 'number')
    assert.deepEqual(found, ban('203.0.113.7', { expiresAt: null, manual: manual({ renewAt: 2000 }) }))
    assert.equal((await bans.ofServer('here')).length, 2)
    assert.equal(await bans.remove(key), true)
    assert.equal(await bans.remove(key), false)
    assert.equal(await bans.find(key), undefined)
  })

  use('lists what is in force, a page at a time', async ({ bans }) => {
    await bans.save(ban('203.0.113.1'))
    await bans.save(ban('203.0.113.2', { expiresAt: null }))
    await bans.save(ban('203.0.113.3', { expiresAt: 2000 }))
    await bans.save(ban('203.0.113.4', { manual: manual({ confirmed: false }) }))
    await bans.save(ban('203.0.113.5', { jail: 'web' }))
    const ips = async (list: object) =>
      (await bans.current({ now: 2000, limit: 10, ...list })).map(({ ip }) => ip.at(-1)).join('')
    assert.equal(await ips({}), '521')
    assert.equal(await ips({ jail: 'sshd' }), '21')
    assert.equal(await ips({ ip: '203.0.113.2' }), '2')
    const [newest] = await bans.current({ now: 2000, limit: 1 })
    assert.equal(await ips({ before: newest!.id }), '21')
  })

  use('knows what is due, and forgets what is over', async ({ bans }) => {
    await bans.save(ban('203.0.113.1'))
    await bans.save(ban('203.0.113.2', { manual: manual() }))
    await bans.save(ban('203.0.113.3', { expiresAt: 9000, manual: manual({ renewAt: 5000 }) }))
    await bans.save(ban('203.0.113.4', { manual: manual({ confirmed: false }) }))
    await bans.save(ban('203.0.113.5', { expiresAt: null }))
    assert.deepEqual(await bans.due(4999), [])
    assert.deepEqual(
      (await bans.due(5000)).map(({ ip }) => ip),
      ['203.0.113.2', '203.0.113.3'],
    )
    assert.equal(await bans.forgetEnded(6000), 2)
    assert.deepEqual(
      (await bans.ofServer('here')).map(({ ip }) => ip),
      ['203.0.113.2', '203.0.113.3', '203.0.113.5'],
    )
  })

  use('remembers how far logs were read, with any bytes', async ({ followOffsets }) => {
    await followOffsets.save('a', position('one', 1))
    await followOffsets.save('a', position('two', 2))
    await followOffsets.save('a', position('one', 3))
    await followOffsets.save('b', position('one', 4))
    const read = await followOffsets.load('a')
    assert.deepEqual(
      read.toSorted((a, b) => a.offset - b.offset),
      [position('two', 2), position('one', 3)],
    )
    await followOffsets.forget('a', ['one'])
    assert.deepEqual(await followOffsets.load('a'), [position('two', 2)])
    assert.equal((await followOffsets.load('b')).length, 1)
    assert.deepEqual(await followOffsets.load('c'), [])
  })
}

overBothStorages('bans and offsets', suite)
