import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { channelTypes } from '#channels/index.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { type LoadDeps, loadConfigText, problemText } from './load.ts'

const DEPS: LoadDeps = { environment: {}, probeTypes, channelTypes, parseTarget }

const warnings = (text: string, deps: Partial<LoadDeps> = {}): string[] => {
  const loaded = loadConfigText(text, 'vigia.yaml', { ...DEPS, ...deps })
  assert.ok(loaded.ok, loaded.ok ? '' : loaded.problems.map(problemText).join('\n'))
  return loaded.warnings.map(problemText)
}

const MONITOR = 'monitors: [{ name: a, target: 10.0.0.1, labels: { site: POP-1 } }]\n'

describe('warnings', () => {
  it('a pattern that fits no monitor, with its place', () => {
    const windows = (site: string) => `${MONITOR}maintenance:
  - { name: tuesdays, match: { site: ${site} }, cron: "0 2 * * 2", duration: 4h }
silences:
  - { match: { site: ${site} }, until: 2099-12-01T08:00 }
`
    assert.deepEqual(warnings(windows('POP-1')), [])
    assert.deepEqual(warnings(windows('"~POP-.*"')), [])
    assert.deepEqual(warnings(windows('POP-9')), [
      'vigia.yaml:3:30: match: no monitor of this file fits, so tuesdays leaves nothing out',
      'vigia.yaml:5:14: match: no monitor of this file fits, so it silences only events that bring such labels',
    ])
    assert.deepEqual(warnings(`${MONITOR}silences: [{ match: { type: fail2ban_ban }, until: 2099-12-01T08:00 }]`), [])
  })

  it('days of the month beside days of the week, of which cron takes each', () => {
    const window = (cron: string) =>
      `${MONITOR}maintenance: [{ name: first sunday, match: { site: POP-1 }, cron: "${cron}", duration: 4h }]`
    assert.deepEqual(warnings(window('0 2 1-7 * 0')), [
      'vigia.yaml:2:67: cron: first sunday comes on the days 1-7 of a month and on the weekdays 0 as well, as in cron; write +0 for the days that are both',
    ])
    assert.deepEqual(warnings(window('0 2 */2 * 1')), [
      'vigia.yaml:2:67: cron: first sunday comes only on days that are both */2 of a month and 1 of a week, as in cron where one of them begins with a star; write two windows for the one and the other',
    ])
    assert.match(warnings(window('0 2 1-7 * */2'))[0]!, /comes only on days that are both 1-7 of a month and \*\/2/)
    const meant = ['0 2 1-7 * +0', '0 2 * * 0', '0 2 1-7 * *', '0 2 */2 * *', '0 2 * * */2', '@daily', '0 2 ? * 1']
    for (const cron of meant) assert.deepEqual(warnings(window(cron)), [], cron)
  })

  it('fields in braces that nothing fills', () => {
    const file = (monitor: string, rest = '') => `${rest}\nmonitors: [{ name: a, channels: [], ${monitor} }]\n`
    assert.deepEqual(warnings(file('target: "http://192.0.2.1/{{ token }}"')), [
      'vigia.yaml:2:45: target: {{ token }} stays as it is here; fields are filled in in templates of a rule, and URL, headers and body of a webhook',
    ])
    assert.match(
      warnings(file('target: 192.0.2.1, description: "calls {{ owner }}"'))[0]!,
      /: description: \{\{ owner \}\} stays/,
    )
    assert.match(
      warnings(
        file(
          'target: 192.0.2.1',
          'channels: [{ name: chat, type: discord, options: { webhook_url: "https://discord.com/api/webhooks/1/{{ token }}" } }]',
        ),
      )[0]!,
      /^vigia\.yaml:1:\d+: webhook_url: \{\{ token \}\} stays/,
    )
    const filled = `channels: [{ name: hook, type: webhook, options: { url: "http://192.0.2.9/sms?text={{ message }}", method: GET } }]
rules: [{ name: r, type: ids, channels: [hook], templates: { text: "{% if x %}{{ ip }}{% endif %}" } }]`
    assert.deepEqual(warnings(file('target: 192.0.2.1', filled)), [])
    assert.deepEqual(
      warnings(
        file('type: http, options: { url: "http://192.0.2.1/", method: POST, body: "{{ q }}", contains: "{{x}}" }'),
      ),
      [],
    )
  })

  it('windows that overlap', () => {
    const windows = (from: string, site = 'POP-1') => `${MONITOR}maintenance:
  - { name: one, match: { site: POP-1 }, from: 2099-01-01T01:00, until: 2099-01-01T03:00 }
  - { name: two, match: { site: "${site}" }, from: ${from}, until: 2099-01-01T05:00 }
`
    assert.match(warnings(windows('2099-01-01T02:59'))[0]!, /^vigia\.yaml:4:\d+: from: it overlaps one: /)
    assert.deepEqual(warnings(windows('2099-01-01T03:00')), [])
    assert.deepEqual(warnings(windows('2099-01-01T02:00', '~POP-1')), [])
  })

  it('a witness that is watched as well', () => {
    const file = (target: string) =>
      `witnesses: { targets: [10.0.0.254, 192.0.2.1] }\nmonitors: [{ name: uplink, target: "${target}" }]\n`
    assert.deepEqual(warnings(file('10.0.0.253')), [])
    assert.deepEqual(warnings(file('tcp://192.0.2.1:22')), [])
    assert.match(
      warnings(file('192.0.2.1'))[0]!,
      /^vigia\.yaml:1:36: witnesses: 192\.0\.2\.1 is also watched by uplink: when it fails together/,
    )
  })

  it('monitors of which nobody is told, unless that is said', () => {
    const channels = 'channels: [{ name: hook, type: webhook, options: { url: "http://127.0.0.1:1/" } }]\n'
    const monitors = (keys: string) =>
      `${channels}monitors: [${[1, 2, 3, 4, 5].map((id) => `{ name: m${id}, target: 10.0.0.${id}${keys} }`).join(', ')}]\n`
    const [warning, ...more] = warnings(monitors(''))
    assert.match(warning!, /^vigia\.yaml:2:\d+: channels: nobody is told of m1, m2, m3 … \+2: no channel is named/)
    assert.deepEqual(more, [])
    assert.deepEqual(warnings(monitors(', channels: [hook]')), [])
    assert.deepEqual(warnings(monitors(', channels: []')), [])
    for (const named of ['[hook]', '[]'])
      assert.deepEqual(warnings(`defaults: { channels: ${named} }\n${monitors('')}`), [])
    const rule = (type: string) => `rules: [{ name: all, type: ${type}, channels: [hook] }]\n`
    assert.deepEqual(warnings(monitors('') + rule('monitor_state')), [])
    assert.equal(warnings(monitors('') + rule('fail2ban_ban')).length, 1)
    assert.deepEqual(warnings(monitors('').slice(channels.length)), [])
  })

  it('a parent by a label that the monitor does not have; an empty one means none', () => {
    const parents = 'parents: ["{site}"]'
    assert.deepEqual(warnings(`monitors: [{ name: a, target: 10.0.0.1, ${parents}, labels: { site: "" } }]`), [])
    assert.deepEqual(warnings(`monitors: [{ name: a, target: 10.0.0.1, ${parents} }]`), [
      'vigia.yaml:1:50: parents: a has no label site, so it has no parent by that name',
    ])
  })

  it('a table of 40,000 rows, as the spreadsheets of all times write it', () => {
    const rows = Array.from({ length: 40_000 }, (_, index) => `n-${index};10.0.${index >> 8}.${index & 255};Córdoba`)
    const text = ['name;host;site', ...rows].join('\r\n')
    const file =
      'monitors: [{ from: t.csv, name: "{name}", type: icmp, options: { host: "{host}" }, labels: { site: "{site}" } }]'
    const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le')
    for (const bytes of [Buffer.from(text), Buffer.from(text, 'latin1'), utf16, Buffer.from(utf16).swap16()]) {
      const loaded = loadConfigText(file, 'vigia.yaml', { ...DEPS, readFile: () => bytes })
      assert.ok(loaded.ok)
      const last = loaded.config.monitors.at(-1)!
      assert.deepEqual([loaded.config.monitors.length, last.name, last.labels.site], [40_000, 'n-39999', 'Córdoba'])
    }
  })
})
