import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { because } from '#core/cause/cause.ts'
import { DEFAULT_PORT_LIMITS } from '#core/port/port-state.ts'
import { failed } from '#lib/result.ts'
import { loadConfigText, problemText } from './load.ts'
import { portsOfEnvironment, readPort, readPorts } from './ports.ts'

const parseTarget = () => failed(because('as_said', { words: 'no targets here' }))
const load = (text: string) =>
  loadConfigText(text, 'vigia.yaml', { environment: {}, probeTypes: new Map(), channelTypes: new Map(), parseTarget })
const ports = (text: string) => {
  const loaded = load(`sources: { ports: { ${text} } }`)
  return loaded.ok ? loaded.config.ports : loaded.problems.map(problemText)
}

describe('ports of the file', () => {
  it('are counted every 5 s with the usual limits', () => {
    assert.deepEqual(ports('watch: [80, 22, 80]'), {
      watch: [80, 22],
      everyMs: 5000,
      remote: false,
      limits: DEFAULT_PORT_LIMITS,
      perPort: {},
    })
    assert.equal((ports('watch: listening') as { watch: string }).watch, 'listening')
    assert.deepEqual((ports('watch: "22, 80,, 22"') as { watch: readonly number[] }).watch, [22, 80])
  })

  it('take limits for all and for one, and switch problems off', () => {
    const { limits, perPort } = ports(
      'watch: [80], limits: { syn_flood: { at_least: 7 }, close_wait_leak: false, listener_gone: false, confirm: 1 }, per_port: { 80: { syn_flood: { times_usual: 2 }, close_wait_leak: { at_least: 9 }, time_wait_exhaustion: { share: 60% } } }',
    ) as Exclude<Extract<ReturnType<typeof load>, { ok: true }>['config']['ports'], undefined>
    assert.deepEqual([limits.synFlood, limits.closeWaitLeak], [{ atLeast: 7, timesUsual: 5 }, undefined])
    assert.deepEqual([limits.listenerGone, limits.acceptQueueOverflow, limits.confirm], [false, true, 1])
    assert.deepEqual(perPort[80], {
      ...limits,
      synFlood: { atLeast: 7, timesUsual: 2 },
      closeWaitLeak: { atLeast: 9 },
      timeWaitExhaustion: { share: 0.6 },
    })
  })

  it('name what is wrong and where', () => {
    for (const [text, place] of [
      ['watch: [0]', '1:29: watch: "0" is not a port'],
      ['watch: [22, 70000, ssh]', '1:33: watch: "70000" is not a port'],
      ['watch: ssh', '1:28: watch: "ssh" is not a port'],
      ['watch: []', '1:28: watch: names no port'],
      [`watch: "${Array.from({ length: 2001 }, (_, n) => n + 1)}"`, '1:28: watch: 2001 ports are too many'],
      ['watch: [22], every: 100ms', '1:41: every: write 1s or more'],
      ['watch: [22], per_port: { 70000: {} }', '1:44: per_port: 70000 is not a port'],
      ['watch: [22], limits: { syn_flod: {} }', 'syn_flod'],
    ] as const) {
      const problems = ports(text)
      assert.ok(Array.isArray(problems) && problems[0]!.includes(place), `${text}: ${JSON.stringify(problems)}`)
    }
  })
})

describe('ports of the environment', () => {
  const watch = (environment: NodeJS.ProcessEnv) => portsOfEnvironment(environment).settings?.watch

  it('are named as for the older exporter', () => {
    assert.equal(watch({}), undefined)
    assert.deepEqual(watch({ PROMETHEUS_PORT: '8000' }), [3000, 8080])
    assert.deepEqual(watch({ PUERTOS_A_MONITOREAR: ' 22 ,80,,22 ' }), [22, 80])
    assert.equal(watch({ PUERTOS_A_MONITOREAR: 'listening' }), 'listening')
    const { settings, problems } = portsOfEnvironment({ PUERTOS_A_MONITOREAR: '22,x' })
    assert.deepEqual([settings?.watch, problems.length], [[22], 1])
    assert.equal(watch({ PUERTOS_A_MONITOREAR: 'x' }), undefined)
  })

  it('what is left out is named, within bounds', () => {
    assert.deepEqual(readPorts('0,80,web', 'PORTS').problems, [
      'PORTS: "0" is not a port: write a number from 1 to 65535; it is left out',
      'PORTS: "web" is not a port: write a number from 1 to 65535; it is left out',
    ])
    const many = Array.from({ length: 5000 }, (_, index) => index + 1)
    const { watch, problems } = readPorts(many.join(), 'PORTS')
    assert.deepEqual([watch?.length, problems], [2000, ['PORTS: 5000 ports are too many, the first 2000 are counted']])
    const none = readPorts(many.map((port) => `x${port}`).join(), 'PORTS')
    assert.equal(none.watch, undefined)
    assert.deepEqual(none.problems.slice(-2), [
      'PORTS: 4990 more items are no ports',
      'PORTS: no port is left; write for example 3000,8080, or listening',
    ])
    assert.equal(none.problems.length, 12)
  })

  it('are served at one port, or what is none is named', () => {
    assert.equal(readPort(' 8000 ', 'PROMETHEUS_PORT'), 8000)
    for (const wrong of ['0', '70000', 'x', '1,2', ''])
      assert.deepEqual(readPort(wrong, 'PROMETHEUS_PORT'), {
        problem: `PROMETHEUS_PORT: "${wrong}" is not a port: write a number from 1 to 65535`,
      })
  })
})
