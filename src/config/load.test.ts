import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { channelTypes } from '#channels/index.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { templateFault } from '#templates/jinja/template-fault.ts'
import { type Config, type ConfigProblem, loadConfigText, problemText, problemTextIn } from './load.ts'

const load = (text: string, environment: NodeJS.ProcessEnv = {}) =>
  loadConfigText(text, 'vigia.yaml', { environment, probeTypes, channelTypes, parseTarget, templateFault })

const good = (text: string, environment?: NodeJS.ProcessEnv): Config => {
  const loaded = load(text, environment)
  assert.ok(loaded.ok, loaded.ok ? '' : loaded.problems.map(problemText).join('\n'))
  return loaded.config
}

const problems = (text: string, environment?: NodeJS.ProcessEnv): string[] => {
  const loaded = load(text, environment)
  assert.ok(!loaded.ok, 'expected to be refused')
  return loaded.problems.map(problemText)
}

const SMTP = 'smtp: { host: mail.isp.example, port: 587, user: x, password: "${SMTP_PASSWORD}" }'
const EXAMPLE = `
defaults: { interval: 60s, failures: 3, retry_interval: 5s, successes: 3, recovery_interval: 15s, reminder: [1h, 4h, 12h], channels: [noc] }
channels:
  - { name: noc, type: email, options: { to: [noc@isp.example], ${SMTP} } }
  - { name: chat, type: slack, options: { webhook_url: "\${SLACK_WEBHOOK_URL}" } }
monitors:
  - { name: dslam-1, type: icmp, options: { host: 192.168.1.10, packets: 5 }, failures: 1, labels: { site: POP-3 }, description: "DSLAM", location: "Bldg 6 MDF 101" }
  - { name: web, target: "https://example.com", interval: 20s }
  - { name: ssh, type: tcp, options: { host: example.com, port: 22 }, timeout: 200ms }
`
const ENVIRONMENT = { SMTP_PASSWORD: 'hush', SLACK_WEBHOOK_URL: 'https://hooks.slack.example/x' }

describe('configuration', () => {
  it('reads the documented shape', () => {
    const { monitors, channels } = good(EXAMPLE, ENVIRONMENT)
    const [dslam, web, ssh] = monitors
    assert.deepEqual(
      channels.map(({ name, origin }) => [name, origin]),
      [
        ['noc', 'vigia.yaml:4'],
        ['chat', 'vigia.yaml:5'],
      ],
    )
    assert.equal((channels[0]!.options.smtp as { password: string }).password, 'hush')
    assert.deepEqual(
      [dslam!.failures, dslam!.labels, dslam!.location, dslam!.timeoutMs],
      [{ count: 1, of: 1 }, { site: 'POP-3' }, 'Bldg 6 MDF 101', 1000],
    )
    assert.deepEqual(
      [web!.type, web!.options, web!.intervalMs, web!.channels],
      ['http', { url: 'https://example.com/' }, 20_000, ['noc']],
    )
    assert.deepEqual([ssh!.timeoutMs, ssh!.reminderMs], [200, [3_600_000, 14_400_000, 43_200_000]])
  })

  it('takes an empty file, empty lists and JSON', () => {
    assert.deepEqual(good('').monitors, [])
    assert.deepEqual(good('monitors: []\nchannels: []\n').channels, [])
    assert.equal(good('{"monitors":[{"name":"a","target":"192.0.2.1"}]}').monitors.length, 1)
  })

  it('gives what nobody named its documented default', () => {
    const [one] = good('monitors: [{ name: a, target: 192.0.2.1 }]').monitors
    const { intervalMs, failures, successes, retryIntervalMs, recoveryIntervalMs, severity, notifyRecovery } = one!
    assert.deepEqual(
      { intervalMs, failures, successes, retryIntervalMs, recoveryIntervalMs, severity, notifyRecovery },
      {
        intervalMs: 60_000,
        failures: { count: 3, of: 3 },
        successes: { count: 3, of: 3 },
        retryIntervalMs: 5000,
        recoveryIntervalMs: 15_000,
        severity: 'HIGH',
        notifyRecovery: true,
      },
    )
    const [low] = good('monitors: [{ name: a, target: 192.0.2.1, severity: LOW }]').monitors
    assert.deepEqual(low!.reminderMs, [])
    const [recovery] = good('monitors: [{ name: a, target: 192.0.2.1, recovery_interval: 7s }]').monitors
    assert.equal(recovery!.retryIntervalMs, 7000)
  })

  it('takes 0 without a unit wherever a duration may be none', () => {
    const { rules, channels, monitors } = good(
      [
        'channels: [{ name: c, type: webhook, options: { url: "http://192.0.2.9/" }, group: { wait: 0 } }]',
        'monitors: [{ name: a, type: push, options: { period: 1m, grace: 0 }, reminder: [0] }]',
        'rules: [{ name: r, type: x, cooldown: 0, channels: [c] }]',
      ].join('\n'),
    )
    assert.deepEqual([rules![0]!.cooldownMs, channels[0]!.group?.waitMs, monitors[0]!.options.grace], [0, 0, '0'])
  })

  it('has the documented values of the older tools as presets, and plain settings over them', () => {
    const of = (preset: string, more = '') =>
      good(`monitors: [{ name: a, target: 192.0.2.1, preset: ${preset}${more} }]`).monitors[0]!
    assert.deepEqual(
      [of('alert_servidores').intervalMs, of('alert_servidores').failures.count, of('alert_servidores').notifyRecovery],
      [60_000, 1, false],
    )
    assert.deepEqual([of('connection_tester').intervalMs, of('connection_tester').reminderMs], [300_000, [3_600_000]])
    assert.deepEqual(
      [of('down_detector').intervalMs, of('down_detector').recoveryIntervalMs, of('down_detector').failures.count],
      [30_000, 5000, 3],
    )
    assert.equal(of('down_detector', ', failures: 4, reset_failures: hourly').failures.count, 4)
  })

  const refused: readonly [string, string, RegExp][] = [
    [
      'an unknown key names the nearest',
      'monitors:\n  - { name: a, targt: x }',
      /^vigia\.yaml:2:16: targt is not known here, did you mean target\?$/,
    ],
    ['an unknown top key', 'monitrs: []', /^vigia\.yaml:1:1: monitrs is not known here, did you mean monitors\?$/],
    [
      'a number without a unit',
      'monitors:\n  - { name: a, target: 192.0.2.1, interval: 30 }',
      /^vigia\.yaml:2:\d+: interval: 30 has no unit, write 30s$/,
    ],
    [
      'a text that is no duration',
      'defaults: { interval: often }',
      /^vigia\.yaml:1:\d+: interval: often is not a duration, write 500ms, 30s/,
    ],
    [
      'a duplicate name, with both places',
      'monitors:\n  - { name: a, target: 192.0.2.1 }\n  - { name: a, target: 192.0.2.2 }',
      /^vigia\.yaml:3:\d+: name: a is taken already \(vigia\.yaml:2\)/,
    ],
    [
      'a port out of range',
      'monitors: [{ name: a, type: tcp, options: { host: x, port: 70000 } }]',
      /port: 70000 must be <= 65535/,
    ],
    [
      'a short target that is none',
      'monitors: [{ name: a, target: "tcp://x" }]',
      /target: tcp:\/\/x: not a target; write HOST/,
    ],
    [
      'an interval below the time-out',
      'monitors: [{ name: a, target: "tcp://x:1", interval: 1s, timeout: 2s }]',
      /interval: 1s is shorter than a probe may last \(2s\); write interval: 2s or more/,
    ],
    [
      'a channel that does not exist',
      'channels: [{ name: noc, type: webhook, options: { url: "http://x/" } }]\nmonitors: [{ name: a, target: 192.0.2.1, channels: [nco] }]',
      /channels: no channel is named nco, did you mean noc\?/,
    ],
    [
      'a fallback to no channel',
      'channels: [{ name: noc, type: webhook, options: { url: "http://x/" }, fallback: { to: nco } }]',
      /fallback: no channel is named nco/,
    ],
    [
      'a channel that is its own fallback',
      'channels: [{ name: noc, type: webhook, options: { url: "http://x/" }, fallback: { to: noc } }]',
      /fallback: noc cannot be its own fallback/,
    ],
    [
      'an hour that is none',
      'channels: [{ name: a, type: webhook, options: { url: "http://x/" }, quiet: { from: "25:00", to: "07:00" } }]',
      /from: 25:00 does not fit, write for example 22:00/,
    ],
    [
      'an address that is none',
      'monitors: [{ name: a, type: tcp, options: { host: 10.0.0.300, port: 80 } }]',
      /host: 10\.0\.0\.300 is no IP address and no name/,
    ],
    ['the same as a short target', 'monitors: [{ name: a, target: 10.0.0.300 }]', /10\.0\.0\.300 is no IP address/],
    [
      'a list of addresses with two in one place',
      'channels: [{ name: m, type: email, options: { to: ["a@b.example, c@d.example"] } }]',
      /to: a@b\.example, c@d\.example does not fit, write for example noc@isp\.example/,
    ],
    [
      'an empty list where one is needed',
      'channels: [{ name: m, type: email, options: { to: [] } }]',
      /to: has fewer than 1/,
    ],
    [
      'a place of a list that is no duration',
      'monitors: [{ name: a, target: tcp://h:1, reminder: [1h, soon] }]',
      /reminder: soon is not a duration/,
    ],
    [
      'a mapping where none is taken',
      'monitors: [{ name: a, target: tcp://h:1, reminder: {} }]',
      /reminder: a mapping does not fit, it is: Waits between reminders/,
    ],
    ['an unknown type', 'monitors: [{ name: a, type: htttp }]', /probe type htttp is not known, did you mean http\?/],
    [
      'an unknown channel type',
      'channels: [{ name: a, type: emial }]',
      /channel type emial is not known, did you mean email\?/,
    ],
    ['target and type together', 'monitors: [{ name: a, type: tcp, target: "tcp://x:1" }]', /write one or the other/],
    ['a missing name', 'monitors: [{ target: 192.0.2.1 }]', /name is missing/],
    [
      'a proxy that is no address',
      'server: { trusted_proxies: [proxy.lan] }',
      /proxy\.lan is not an address or a network/,
    ],
    ['a time zone that is none', 'server: { time_zone: America/Limaa }', /did you mean America\/Lima\?/],
    [
      'a severity that is none',
      'monitors: [{ name: a, target: 192.0.2.1, severity: HIHG }]',
      /severity: HIHG is not known, did you mean HIGH\?/,
    ],
    [
      'a variable that is not set',
      'channels: [{ name: a, type: slack, options: { webhook_url: "${NOPE}" } }]',
      /^vigia\.yaml:1:\d+: the environment has no NOPE; set it, or write \$\{NOPE:-default\}$/,
    ],
    [
      'a quote that is never closed, where it opens',
      'monitors:\n  - { name: a, target: 192.0.2.1 }\n  - { name: "b, target: 192.0.2.2 }\n  - { name: c, target: 192.0.2.3 }\n',
      /^vigia\.yaml:3:13: not valid YAML: the quote " that opens here is not closed where it should be$/,
    ],
    [
      'one that another of the next line closes',
      "monitors:\n  - { name: 'b, target: 192.0.2.2 }\n  - { name: 'c', target: 192.0.2.3 }\n",
      /^vigia\.yaml:2:13: not valid YAML: the quote ' that opens here/,
    ],
    ['YAML that is none', 'monitors: [', /^vigia\.yaml:\d+:\d+: not valid YAML/],
    ['a key twice', 'server: {}\nserver: {}', /not valid YAML: Map keys must be unique/],
    [
      'a regular expression that is none',
      'monitors: [{ name: a, type: http, options: { url: "http://x/", contains: "/(/" } }]',
      /is not a regular expression/,
    ],
    ['a key that there is none of', 'silence: []', /silence is not known here, did you mean silences/],
  ]
  for (const [title, text, expected] of refused)
    it(`refuses ${title}`, () => {
      const told = problems(text)
      assert.ok(
        told.some((one) => expected.test(one)),
        told.join('\n'),
      )
    })

  it('never shows a secret that it refuses', () => {
    const told = problems(
      'channels: [{ name: a, type: slack, options: { webhook_url: "${S}" } }, { name: a, type: telegram, options: { bot_token: 7, chat_id: [] } }]',
      { S: 'HUSH' },
    ).join('\n')
    assert.doesNotMatch(told, /HUSH/)
  })

  it('expands ${NAME:-default} and leaves $${ alone', () => {
    const [one] = good('monitors: [{ name: "${A:-b}", target: 192.0.2.1, description: "$${A}" }]').monitors
    assert.deepEqual([one!.name, one!.description], ['b', '${A}'])
  })

  it('looks through the templates of rules', () => {
    const rule = (template: string) =>
      `rules: [{ name: r, type: x, channels: [], templates: { text: ${JSON.stringify(template)} } }]`
    assert.deepEqual(problems(rule('a\n{{ ip|uper }}')), [
      'vigia.yaml:1:62: the text template, line 2: filter uper is unknown; write upper',
    ])
    assert.equal(good(rule('{{ ip|upper }}')).rules.length, 1)
  })

  it('says what is wrong, and what is doubtful, in Spanish as well', () => {
    const said = (text: string): readonly ConfigProblem[] => {
      const loaded = load(text)
      return loaded.ok ? loaded.warnings : loaded.problems
    }
    for (const [text, spanish] of [
      [
        'monitors: [{ name: a, target: "tcp://h:1", intervall: 5s }]',
        'intervall no se conoce aquí; ¿quiso decir interval?',
      ],
      ['monitors: [{ name: a, target: "tcp://h:1", interval: 5 }]', 'interval: 5 no tiene unidad; escriba 5s'],
      [
        'monitors: [{ name: a, target: "ftp://x" }]',
        'target: ftp://x: no es un destino; escriba EQUIPO, icmp://EQUIPO',
      ],
      [
        'monitors: [{ name: a, target: "tcp://h:1", parents: [b] }]',
        'parents: ningún monitor se llama b; ¿quiso decir a?',
      ],
      ['server: { time_zone: America/Lma }', 'time_zone: no se conoce America/Lma; ¿quiso decir America/Lima?'],
      ['rules: [{ name: a, type: x, conditions: { b: { operator: "~~", value: 1 } } }]', 'b: "~~" no es un operador'],
      ['monitors: [{ name: "a }]', 'no es YAML válido: la comilla " que abre aquí no se cierra donde debería'],
      ['channels: [{ name: a, type: mail }]', 'type: no se conoce el tipo de canal mail; ¿quiso decir email?'],
      [
        'maintenance: [{ name: a, match: { b: c }, cron: "0 0 * * *", duration: 2d }]',
        'duration: a dura más de lo que falta',
      ],
    ] as const) {
      const found = said(text).map(problemTextIn('es'))
      assert.ok(
        found.some((one) => one.includes(`: ${spanish}`)),
        found.join('\n'),
      )
    }
    const loaded = load('server: { language: es }\nmonitors: 5')
    assert.equal(!loaded.ok && loaded.language, 'es')
  })

  it('answers any text with a configuration or with problems, never with an exception', () => {
    const characters = [...EXAMPLE]
    fc.assert(
      fc.property(fc.nat(characters.length - 1), fc.nat(40), fc.string({ maxLength: 12 }), (at, cut, insert) => {
        const text = [...characters.slice(0, at), insert, ...characters.slice(at + cut)].join('')
        const loaded = load(text, ENVIRONMENT)
        if (!loaded.ok)
          for (const problem of loaded.problems) assert.match(problemText(problem), /^vigia\.yaml:\d+:\d+: /)
      }),
      { numRuns: 150 },
    )
  })
})
