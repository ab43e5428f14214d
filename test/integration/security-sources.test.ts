import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { writeMaxmind } from '../fixtures/maxmind-writer.ts'
import { fileChannel, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const SCANNER = '203.0.113.9'

const scan = (fromS: number) =>
  Array.from({ length: 20 }, (_, index) =>
    JSON.stringify({
      ts: fromS + index / 10,
      'id.orig_h': SCANNER,
      'id.orig_p': 40_000,
      'id.resp_h': '10.0.0.5',
      'id.resp_p': 1 + index,
      proto: 'tcp',
      conn_state: 'REJ',
      history: 'Sr',
    }),
  ).join('\n')

const banLine = (at: Date, text: string) =>
  `${at.toISOString().slice(0, 19).replace('T', ' ')},123 fail2ban.actions        [42]: NOTICE  ${text}\n`

describe('logs of security tools in a server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-sources-'))
  const [zeek, log] = [join(folder, 'zeek'), join(folder, 'fail2ban.log')]
  let api: TestServer
  let sink: HttpSink

  before(async () => {
    mkdirSync(zeek)
    writeFileSync(join(folder, 'country.mmdb'), writeMaxmind({ '203.0.113.0/24': { country: { iso_code: 'KP' } } }))
    sink = await createHttpSink()
    api = await startTestServer({
      wanted: {
        channels: [fileChannel('hook', sink.url)],
        monitors: [],
        sources: {
          zeek: [{ name: 'zeek', logs: [zeek], options: {}, backfill: false }],
          fail2ban: [{ name: 'fail2ban', log, client: ['/nonexistent/client'], timeZone: 'UTC', backfill: false }],
        },
        security: { neverBan: [], longestBanMs: 3_600_000, countryFile: join(folder, 'country.mmdb') },
      },
    })
    const rule = (name: string, type: string, conditions: object) =>
      api.post('rules', { name, type, conditions, channels: ['hook'], cooldown: '0' })
    await rule('scans', 'zeek_detection', { detection_type: { operator: '==', value: 'port_scan' } })
    await rule('from afar', 'fail2ban_ban', { country: { operator: 'in', value: ['KP'] } })
    await rule('stories', 'correlation', {})
  })
  after(async () => {
    await api.stop()
    await sink.close()
    rmSync(folder, { recursive: true })
  })

  const sent = () => sink.requests.map(({ body }): Json => JSON.parse(body).event)

  it('reach the people whom rules name: a scan, and with the ban that follows one story', async () => {
    writeFileSync(join(zeek, 'conn.log'), `${scan(api.now() / 1000 - 60)}\nhalf a line of JSON {\n`)
    await until(async () => sent().length === 1)
    assert.partialDeepStrictEqual(sent()[0], { detection_type: 'port_scan', ip: SCANNER, country: 'KP' })
    const at = new Date(api.now())
    writeFileSync(
      log,
      `${banLine(at, `[sshd] Ban ${SCANNER}`)}${banLine(at, '[sshd] Ban not_an_ip; reboot')}Traceback (most recent)\n`,
    )
    await until(async () => sent().length === 2)
    await api.delivered()
    assert.equal(sent()[1].type, 'correlation')
    assert.deepEqual(
      sent()[1].timeline.map(({ kind }: Json) => kind),
      ['port_scan', 'fail2ban_ban'],
    )
    const known = await api.get(`addresses/${SCANNER}`)
    assert.partialDeepStrictEqual(known, {
      country: 'KP',
      address_facts: { country: true, owner: false },
      can_ban: true,
    })
    assert.deepEqual(known.kinds.map(({ kind }: Json) => kind).sort(), ['correlation', 'fail2ban_ban', 'port_scan'])
    assert.partialDeepStrictEqual(known.correlations.items, [{ kinds: ['port_scan', 'fail2ban_ban'] }])
    assert.ok(known.targets.some(({ host, port }: Json) => host === '10.0.0.5' && port > 0))
    const [ban] = (await api.get('bans')).items
    assert.partialDeepStrictEqual(ban, { ip: SCANNER, jail: 'sshd', manual: false })
  })

  it('tell how far they were read, and what was left out', async () => {
    const { items, address_facts: facts } = await api.get('sources')
    assert.deepEqual(facts, { country: true, owner: false })
    const [fail2ban, followed] = items.toSorted((a: Json, b: Json) => (a.kind < b.kind ? -1 : 1))
    assert.partialDeepStrictEqual(fail2ban, {
      kind: 'fail2ban',
      logs: [
        {
          path: log,
          lines: 3,
          behind_bytes: 0,
          left_out: { 'not written by fail2ban': 1, 'a ban of what is no address': 1 },
        },
      ],
    })
    assert.partialDeepStrictEqual(followed, {
      kind: 'zeek',
      name: 'zeek',
      logs: [{ path: join(zeek, 'conn.log'), lines: 21, behind_bytes: 0, left_out: { 'no header before it': 1 } }],
    })
    assert.equal(followed.detectors.port_scan.events, 1)
    appendFileSync(join(zeek, 'conn.log'), 'no end yet')
    await until(async () => (await api.get('sources')).items.some(({ logs }: Json) => logs[0].behind_bytes === 10))
  })
})
