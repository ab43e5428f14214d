import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { sayCause } from '#core/cause/say-cause.ts'
import { causeSentences } from '#templates/texts/causes/index.ts'
import { type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'

const BOT = '10.0.0.66'

/** A machine that knocks at telnet doors of strangers, and another that browses. */
const lines = (fromS: number, bot = BOT) =>
  Array.from({ length: 80 }, (_, index) =>
    [
      {
        'id.orig_h': bot,
        'id.resp_h': `198.51.100.${index}`,
        'id.resp_p': 23,
        conn_state: 'S0',
        history: 'S',
        orig_pkts: 1,
        orig_ip_bytes: 60,
        resp_pkts: 0,
      },
      {
        'id.orig_h': '10.0.0.7',
        'id.resp_h': '203.0.113.80',
        'id.resp_p': 443,
        conn_state: 'SF',
        history: 'ShADadFf',
        service: 'ssl',
        orig_bytes: 900,
        resp_bytes: 7000,
        orig_pkts: 12,
        orig_ip_bytes: 1500,
        resp_pkts: 12,
        duration: 3.5,
      },
    ].map((fields, second) =>
      JSON.stringify({
        ts: fromS + index + second / 2,
        uid: `C${bot}${index}${second}`,
        'id.orig_p': 40_000 + index,
        proto: 'tcp',
        ...fields,
      }),
    ),
  )
    .flat()
    .join('\n')

describe('the flow classifier in a server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-flows-'))
  const zeek = join(folder, 'zeek')
  let api: TestServer

  before(async () => {
    mkdirSync(zeek)
    api = await startTestServer({
      wanted: {
        channels: [],
        monitors: [],
        sources: {
          zeek: [{ name: 'zeek', logs: [zeek], options: { 'flow-classifier': { on: true } }, backfill: false }],
          fail2ban: [],
        },
        security: { neverBan: [], longestBanMs: 3_600_000 },
      },
    })
  })
  after(async () => {
    await api.stop()
    rmSync(folder, { recursive: true })
  })

  const predictions = async (): Promise<Json[]> => (await api.get('events?type=ml_prediction&limit=100')).items

  it('tells once of a machine, with reasons in both languages and its connections, and only counts', async () => {
    assert.partialDeepStrictEqual(await api.get('classifier'), { on: true, false_rate: null, counts_only: true })
    writeFileSync(join(zeek, 'conn.log'), `${lines(api.now() / 1000 - 300)}\n`)
    await until(async () => (await predictions()).length > 0)
    const [event, ...more] = await predictions()
    assert.deepEqual(more, [])
    assert.partialDeepStrictEqual(event, {
      ip: BOT,
      attack_type: 'scan',
      severity: 'LOW',
      counted_only: true,
      dest_port: 23,
    })
    assert.equal(event.confidence, Math.trunc(event.ml_confidence * 100))
    assert.equal(event.reasons.length, 3)
    assert.ok(event.connections.length >= 5 && event.connections.every(({ uid }: Json) => uid.startsWith('C')))
    const cause = { code: event.cause_code, facts: event.cause_facts }
    assert.match(sayCause(causeSentences.en, cause) ?? '', /^looks like a scan, \d+ % sure: \S/)
    assert.match(sayCause(causeSentences.es, cause) ?? '', /^parece un escaneo, con \d+ % de certeza: \S/)
    assert.equal(event.reason, sayCause(causeSentences.en, cause))
  })

  it('hears that it is benign here: such traffic is no longer told, and the false rate is known', async () => {
    const [event] = await predictions()
    const answer = await api.request('PUT', `/api/v1/events/${event.id}/verdict`, { verdict: 'benign' })
    assert.equal(answer.status, 200)
    assert.partialDeepStrictEqual(await api.get('classifier'), {
      judged: 1,
      benign: 1,
      false_rate: 1,
      verdicts: [{ ip: BOT, verdict: 'benign' }],
    })
    // The same machine days later, and another one: only the other is told of.
    const later = api.now() / 1000 - 100
    writeFileSync(join(zeek, 'conn.more.log'), `${lines(later + 90_000 * 0, '10.0.0.67')}\n`)
    await until(async () => (await predictions()).length === 2)
    assert.deepEqual(
      (await predictions()).map(({ ip }) => ip),
      ['10.0.0.67', BOT],
    )
    const other = await api.event({ type: 'ml_prediction', ip: '192.0.2.1', confidence: 90 })
    assert.equal((await api.request('PUT', `/api/v1/events/${other}/verdict`, { verdict: 'benign' })).status, 400)
    assert.equal((await api.request('PUT', '/api/v1/events/999999/verdict', { verdict: null })).status, 404)
  })
})
