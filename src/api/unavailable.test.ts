import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { explainSqlite } from '#storage/storage-error.ts'
import { unavailable, whyUnavailable } from './unavailable.ts'

const sqlite = (errcode: number) => explainSqlite(Object.assign(new Error('no'), { errcode }), '/srv/vigia.db')

describe('what is said while the store refuses', () => {
  it('is where, what and the way out for who is signed in', () => {
    assert.equal(
      unavailable(sqlite(13), true).message,
      '/srv/vigia.db cannot grow: the disk is full. Free some space; nothing that was acknowledged is lost. Try again in a moment.',
    )
    assert.match(unavailable(sqlite(5), true).message, /^\/srv\/vigia\.db is held by another process/)
  })

  it('is the reason without a path for everybody else', () => {
    assert.equal(
      unavailable(sqlite(13), false).message,
      'The store does not answer at present: its disk is full or reports an error. Try again in a moment.',
    )
    for (const code of [3, 4, 5, 7, 8, 10, 13, 14, 22])
      assert.doesNotMatch(unavailable(sqlite(code), false).message, /srv/)
    assert.equal(whyUnavailable(sqlite(5)), 'the store does not answer at present: something else holds it')
  })

  it('says of a database server no more than is known to be fit for others', () => {
    const error = (code: string) => Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code })
    for (const signedIn of [true, false])
      assert.equal(
        unavailable(error('ECONNREFUSED'), signedIn).message,
        'The store does not answer at present. Try again in a moment.',
      )
    assert.match(unavailable(error('53100'), false).message, /disk is full/)
  })
})
