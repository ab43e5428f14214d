import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { addressOf } from '#core/event/event-addresses.ts'
import { addressIn } from '../../web/src/lib/address.ts'
import { onBothEngines } from '../fixtures/both-engines.ts'
import { fileMonitor, type Json, startTestServer, type TestServer } from '../fixtures/server.ts'

const ATTACKER = '203.0.113.7'
const HOUR = 3_600_000

it('the page finds the address of an event by the same names as the server', () => {
  for (const name of ['ip', 'source_ip', 'src_ip', 'ip_address', 'source_address', 'dest_ip', 'host'])
    for (const value of ['203.0.113.7', '2001:db8::7', 'web-01', 'a:b:c:no', '1.2.3', 7]) {
      const data = { [name]: value }
      assert.equal(addressIn('ids', data), addressOf({ subject: 'ids', data }), `${name} ${value}`)
    }
})

onBothEngines((engine, databaseUrl) =>
  describe(`what is known of an address, on ${engine}`, () => {
    let api: TestServer
    let skip: string | undefined
    before(async () => {
      const url = await databaseUrl()
      if (typeof url === 'object') {
        skip = url.skip
        return
      }
      const options = { host: '10.0.0.5', port: 22 }
      api = await startTestServer({
        ...(url !== undefined && { databaseUrl: url }),
        wanted: { channels: [], monitors: [fileMonitor('bastion', { type: 'tcp', options, paused: true })] },
      })
      for (const type of ['ids', 'zeek_detection', 'correlation']) await api.post('rules', { name: type, type })
      const ago = (ms: number) => new Date(api.now() - ms).toISOString()
      await api.post('events', [
        { type: 'ids', severity: 'HIGH', source_ip: ATTACKER, dest_ip: '10.0.0.5', dest_port: 22, at: ago(3 * HOUR) },
        { type: 'ids', severity: 'HIGH', src_ip: ATTACKER, host: 'bastion', dst_port: '22', at: ago(2 * HOUR) },
        { type: 'ids', severity: 'LOW', source: { ip: '::FFFF:203.0.113.7' } },
        {
          type: 'ml_prediction',
          ip: ATTACKER,
          ml_confidence: 0.93,
          reason: 'like Mirai',
          country: 'KP',
          owner: 'Evil',
        },
        {
          type: 'zeek_detection',
          detection_type: 'port_scan',
          severity: 'CRITICAL',
          ip: ATTACKER,
          evidence: { samples: ['10.0.0.5:23', '[2001:db8::5]:80', 'nonsense'] },
        },
        // Not about it: a longer address, a text that mentions it, one whose target it is.
        { type: 'ids', ip: '203.0.113.77', dest_ip: '10.0.0.5', owner: 'Evil' },
        { type: 'note', subject: 'web', text: `saw ${ATTACKER}` },
        {
          type: 'zeek_detection',
          detection_type: 'beaconing',
          ip: '10.0.0.9',
          dest_ip: ATTACKER,
          severity: 'CRITICAL',
        },
        { type: 'ids', ip: '192.0.2.1', owner: 'Evil' },
        { type: 'fail2ban_ban', ip: ATTACKER, jail: 'sshd', failures: 5, expiry: ago(HOUR), at: ago(2 * HOUR) },
        {
          type: 'fail2ban_ban',
          ip: ATTACKER,
          jail: 'web',
          manual: true,
          by: 'ana',
          comment: '<b>no</b>',
          expiry: null,
        },
        { type: 'ids', ip: '2001:DB8:0:0:7::1', severity: 'MEDIUM' },
      ])
    })
    after(() => api?.stop())
    const use = (title: string, test: () => Promise<void>) =>
      it(title, (context) => (skip === undefined ? test() : context.skip(skip)))
    const known = (address: string) => api.get(`addresses/${encodeURIComponent(address)}`)

    use('is told of events by any sender, with its kinds, targets, predictions, bans, alerts and stories', async () => {
      const found = await known(ATTACKER)
      assert.partialDeepStrictEqual(found, {
        address: ATTACKER,
        network: '203.0.113.0/24',
        country: 'KP',
        owner: 'Evil',
        address_facts: { country: false, owner: false },
        can_ban: false,
        ignored: null,
        complete: true,
        severity: 'CRITICAL',
        predictions: { count: 1, items: [{ confidence: 0.93, reason: 'like Mirai' }] },
        touched_by: [{ address: '10.0.0.9', count: 1 }],
      })
      const kinds = found.kinds.map(({ kind, about, count }: Json) => [kind, about, count])
      assert.deepEqual(kinds.slice(0, 1), [['ids', true, 3]])
      assert.ok(kinds.some(([kind, about]: Json) => kind === 'beaconing' && about === false))
      assert.deepEqual(
        found.targets.map(({ host, port, jail, monitor }: Json) => `${host} ${port} ${jail} ${monitor?.name}`).sort(),
        [
          '10.0.0.5 22 null bastion',
          '10.0.0.5 23 null bastion',
          '2001:db8::5 80 null undefined',
          'bastion 22 null bastion',
          'null null sshd undefined',
          'null null web undefined',
        ],
      )
      assert.deepEqual(
        found.bans.told.map(({ jail, over, by, reason, failures }: Json) => [jail, over, by, reason, failures]),
        [
          ['web', false, 'ana', '<b>no</b>', null],
          ['sshd', true, null, null, 5],
        ],
      )
      assert.ok(found.correlations.items[0].kinds.includes('ml_prediction'))
      assert.deepEqual([...new Set(found.alerts.map(({ kind }: Json) => kind))].sort(), [
        'beaconing',
        'correlation',
        'ids',
        'port_scan',
      ])
      const others = found.alerts.filter(({ about }: Json) => !about)
      assert.deepEqual(
        others.map(({ subject }: Json) => subject),
        ['10.0.0.9'],
      )
      assert.ok(found.latest.every(({ type }: Json) => type !== 'note'))
    })

    use('is found in whatever form it is written', async () => {
      for (const form of ['::ffff:203.0.113.7', '[::ffff:cb00:7107]', ' 203.0.113.7 '])
        assert.equal((await known(form)).events, (await known(ATTACKER)).events, form)
      for (const form of ['2001:db8::7:0:0:1', '2001:0DB8:0000:0000:0007::0001', '2001:db8:0:0:7::1%eth0'])
        assert.partialDeepStrictEqual(await known(form), {
          address: '2001:db8::7:0:0:1',
          family: 6,
          network: '2001:db8::/64',
          events: 1,
        })
      assert.partialDeepStrictEqual(await known('198.51.100.1'), {
        events: 0,
        first_seen: null,
        alerts: [],
        latest: [],
      })
    })

    use('is refused in a sentence where it is none', async () => {
      for (const text of ['bastion', '203.0.113.0/24', '300.1.1.1', '<script>', "1' or 1=1 --", '%00', 'x'.repeat(90)])
        for (const path of ['', '/others']) {
          const { status, body } = await api.request('GET', `addresses/${encodeURIComponent(text)}${path}`)
          assert.deepEqual([status, body.code, body.errors[0].path], [400, 'invalid_input', 'address'], text)
          assert.match(body.errors[0]['x-es'].message, /^Esto no es una dirección/)
        }
    })

    use('is told with who else is like it, and among those that were seen most', async () => {
      const others = await api.get(`addresses/${ATTACKER}/others`)
      assert.deepEqual(
        others.items.map(({ address, why }: Json) => [address, why]),
        [
          ['203.0.113.77', ['network', 'owner', 'targets']],
          ['192.0.2.1', ['owner']],
        ],
      )
      const { items } = await api.get('addresses?limit=2')
      assert.equal(items.length, 2)
      assert.partialDeepStrictEqual(items[0], { address: ATTACKER, severity: 'CRITICAL', country: 'KP', banned: false })
      assert.ok(items[0].open_alerts >= 2)
    })

    use('stands on the list of who should be looked at, hosts of ours before it, weak signs added up', async () => {
      const { items } = await api.get('addresses/ranked?limit=5')
      assert.deepEqual(
        items.map(({ address, own }: Json) => [address, own]),
        [
          ['10.0.0.9', true],
          [ATTACKER, false],
        ],
      )
      assert.partialDeepStrictEqual(items[0], {
        score: 20,
        reasons: [{ kind: 'beaconing', severity: 'CRITICAL', events: 1 }],
      })
      const before = new Date(api.now() - 10 * 24 * HOUR).toISOString()
      assert.deepEqual((await api.get(`addresses/ranked?to=${before}`)).items, [])
    })

    use('is ignored by a silence on the address, whatever its sender calls it', async () => {
      const matchers = [{ name: 'address', operator: '=', value: '::ffff:203.0.113.7' }]
      const ends = new Date(api.now() + HOUR).toISOString()
      const { id } = await api.post('silences', { matchers, ends_at: ends, comment: 'our scanner' })
      assert.partialDeepStrictEqual((await known(ATTACKER)).ignored, { id, comment: 'our scanner' })
      assert.equal((await known('203.0.113.77')).ignored, null)
      const event = await api.event({ type: 'ids', src_ip: ATTACKER, subject: 'another', severity: 'HIGH' })
      assert.equal((await api.explain(event)).rules[0].decisions[0].outcome, 'silenced')
      await api.remove(`silences/${id}`)
      assert.equal((await known(ATTACKER)).ignored, null)
    })

    use('has an end, however many events there are', async () => {
      const many = Array.from({ length: 1000 }, (_, n) => ({
        type: `t${n % 50}`,
        ip: '198.51.100.9',
        dest_port: 1 + n,
      }))
      for (let n = 0; n < 6; n++) await api.post('events', many)
      const { status, text, body } = await api.request('GET', 'addresses/198.51.100.9')
      assert.equal(status, 200)
      assert.deepEqual(
        [body.complete, body.events, body.kinds.length, body.targets.length, body.latest.length],
        [false, 5000, 30, 50, 50],
      )
      assert.ok(text.length < 60_000, String(text.length))
    })
  }),
)
