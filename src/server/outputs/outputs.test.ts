import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { OUTPUT_FILES } from '#core/outputs.ts'
import { createBus } from '#lib/run/bus.ts'
import { createManualTime } from '../../../test/fixtures/manual-time.ts'
import { keepNewest } from './files.ts'
import { dailyLine, momentOf, readStatus, statusText } from './formats.ts'
import { keepOutputs } from './keep-outputs.ts'
import type { OutputsDeps } from './outputs.ts'

const START = Date.UTC(2026, 10, 30, 11, 15, 2)

const host = (id: number, name: string, target: string, description = '', labels = {}) => ({
  monitor: { id, name, description, labels },
  target,
})

const turns = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise((later) => setImmediate(later))
}

describe('files of older tools', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-outputs-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const text = (name: string) => readFileSync(join(folder, name), 'utf8')

  const begin = async (before: readonly object[] = []) => {
    const time = createManualTime(START)
    const live = createBus<[string, object]>()
    const hosts = [
      host(1, 'NODO1', '192.0.2.1', 'Torre "1"', { location: "O'Higgins" }),
      host(2, 'NODO 2', '192.0.2.2'),
    ]
    const notifications = new Map<number, object>()
    const warnings: object[] = []
    const deps = {
      storage: {
        states: { all: async () => before },
        notifications: { byId: async (id: number) => notifications.get(id) },
      },
      registry: {
        monitors: () => hosts,
        monitor: (id: number) => hosts.find(({ monitor }) => monitor.id === id),
        channel: () => ({ type: 'email', options: {} }),
      },
      live,
      timeZone: () => 'America/Argentina/Buenos_Aires',
      recipientsOf: () => ['ana@isp.example', 'luis@isp.example'],
      ...time,
      log: { warn: (facts: object) => void warnings.push(facts) },
    } as unknown as OutputsDeps
    const outputs = keepOutputs(deps)
    await outputs.set({ folder, files: OUTPUT_FILES })
    const change = (monitor: number, state: string) => live.publish('event', { type: 'monitor_state', monitor, state })
    const tell = (id: number, ok: boolean, notification: object) => {
      notifications.set(id, { channelId: 1, reason: 'first', error: null, ...notification })
      live.publish('notification', { id, ok, final: true })
      return turns()
    }
    return { outputs, time, change, tell, warnings }
  }

  it('say what older scripts wrote, to the byte', async () => {
    const { outputs, time, change, tell } = await begin()
    assert.equal(text('server_status.txt'), '')
    change(1, 'down')
    change(2, 'down')
    await time.pass(31_000)
    change(1, 'up')
    assert.equal(text('server_status.txt'), 'NODO1 OK\nNODO_2 NO_RESPONDE\n')
    assert.equal(
      text('logs.txt'),
      [
        '30/11/26 08:15:02 NODO1 192.0.2.1 no responde',
        '30/11/26 08:15:02 NODO_2 192.0.2.2 no responde',
        '30/11/26 08:15:32 NODO1 192.0.2.1 no responde',
        '30/11/26 08:15:32 NODO_2 192.0.2.2 no responde',
        '',
      ].join('\n'),
    )
    assert.equal(
      text('logs/log_11-30-2026.txt').split('\n').slice(0, 2).join('\n'),
      "11-30-2026 @ 08:15 AM\n08:15 AM Connection to host ['192.0.2.1', 'Torre \"1\"', \"O'Higgins\"] FAILED",
    )
    assert.match(text('logs/log_11-30-2026.txt'), /"O'Higgins"\] RESTORED\n$/)
    await tell(1, true, { payload: { monitor: 'NODO1', state: 'down', subject: 'NODO1' } })
    await tell(2, true, { reason: 'resolved', payload: { monitor: 'NODO1', state: 'up', subject: 'NODO1' } })
    await tell(3, false, {
      error: 'the server\nrefused',
      payload: { monitor: 'NODO1', state: 'down', subject: 'NODO1' },
    })
    assert.equal(
      text('mail_log.txt'),
      '30/11/26 08:15:33 ana@isp.example NO responde una parte de la red: NODO1\n' +
        '30/11/26 08:15:33 luis@isp.example NO responde una parte de la red: NODO1\n',
    )
    assert.equal(text('error_log.txt'), '30/11/26 08:15:33 Error al enviar el correo: the server refused\n')
    assert.equal(statSync(join(folder, 'logs.txt')).mode & 0o777, 0o644)
    await outputs.stop()
    change(2, 'up')
    assert.match(text('server_status.txt'), /NODO_2 NO_RESPONDE/)
  })

  it('go on where they were after a restart, without what is gone', async () => {
    writeFileSync(join(folder, 'server_status.txt'), 'NODO1 OK\nGONE NO_RESPONDE\nNODO_2 OK\n')
    const { outputs } = await begin([
      { monitorId: 1, state: 'down' },
      { monitorId: 2, state: 'up' },
    ])
    assert.equal(text('server_status.txt'), 'NODO1 NO_RESPONDE\nNODO_2 OK\n')
    await outputs.stop()
  })

  it('cost their lines where the folder takes none, and that is told once', async () => {
    const { outputs, change, warnings } = await begin()
    rmSync(folder, { recursive: true })
    writeFileSync(folder, 'a file')
    change(1, 'down')
    change(1, 'up')
    assert.equal(warnings.length, 1)
    await outputs.stop()
    assert.ok(!existsSync(join(folder, 'logs.txt')))
    rmSync(folder)
  })

  it('of a day are kept for 150 days, and a status reads back as it was written', () => {
    for (const day of ['01-02-2026', '12-31-2025', '02-01-2026']) writeFileSync(join(folder, `log_${day}.txt`), '')
    keepNewest(folder, /^log_(\d\d)-(\d\d)-(\d{4})\.txt$/, ([, month, day, year]) => `${year}${month}${day}`, 2)
    assert.deepEqual(readdirSync(folder).sort(), ['log_01-02-2026.txt', 'log_02-01-2026.txt'])
    const states = new Map([
      ['a', true],
      ['b', false],
    ])
    assert.deepEqual(readStatus(statusText(states)), states)
    const midnight = momentOf(Date.UTC(2026, 0, 1), 'UTC')
    assert.match(
      dailyLine(midnight, { target: 'x', description: '', location: '' }, true),
      /^12:00 AM .*\['x', '', ''\]/,
    )
  })
})
