import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { createManualTime } from '../../../test/fixtures/manual-time.ts'
import { receiveNotifications } from '../../../test/fixtures/notify-receiver.ts'
import { connectServiceManager } from './service-manager.ts'

const PID = 4242

const connect = (environment: NodeJS.ProcessEnv) => {
  const time = createManualTime(0)
  const sent: string[] = []
  const isBusy = { now: false }
  const open = () => (message: string) => isBusy.now === false && sent.push(message) > 0
  const manager = connectServiceManager({ environment, pid: PID, timers: time.timers, open })
  return { manager, sent, time, isBusy }
}

describe('a service manager', () => {
  it('is none where nothing names one', () => {
    assert.equal(connect({}).manager, undefined)
    assert.equal(
      connectServiceManager({
        environment: { NOTIFY_SOCKET: 'no/path' },
        pid: PID,
        timers: createManualTime(0).timers,
      }),
      undefined,
    )
  })

  it('waits for a long start as long as there are signs of life, and hears of the watchdog in half its time', async () => {
    const { manager, sent, time } = connect({
      NOTIFY_SOCKET: '/run/x',
      WATCHDOG_USEC: '10000000',
      WATCHDOG_PID: `${PID}`,
    })
    await time.pass(60_000)
    assert.deepEqual(new Set(sent), new Set(['EXTEND_TIMEOUT_USEC=120000000']))
    assert.equal(sent.length, 4)
    sent.length = 0
    manager!.ready()
    await time.pass(10_000)
    assert.deepEqual(sent, ['READY=1', 'WATCHDOG=1', 'WATCHDOG=1', 'WATCHDOG=1'])
  })

  it('that has no room for a moment is told again that the server is ready', async () => {
    const { manager, sent, time, isBusy } = connect({ NOTIFY_SOCKET: '/run/x' })
    isBusy.now = true
    manager!.ready()
    await time.pass(500)
    isBusy.now = false
    await time.pass(500)
    assert.deepEqual(sent.slice(1), ['READY=1'])
  })

  it('is not spoken to by programs that are started from here, nor about another process', async () => {
    const environment = { NOTIFY_SOCKET: '@name', WATCHDOG_USEC: '10000000', WATCHDOG_PID: '1', PATH: '/bin' }
    const { manager, sent, time } = connect(environment)
    assert.deepEqual(environment, { PATH: '/bin' } as object)
    manager!.ready()
    manager!.status('one\nline')
    manager!.stopping()
    await time.pass(60_000)
    assert.deepEqual(sent.slice(1), ['READY=1', 'STATUS=one line', 'STOPPING=1'])
  })

  const elsewhere = process.platform === 'linux' ? false : 'Unix datagrams are sent on Linux only'
  it('gets what is said over its socket', { skip: elsewhere }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'vigia-notify-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    const path = join(folder, 'ñ socket')
    const receiver = receiveNotifications(path)
    t.after(receiver.close)
    const { timers } = createManualTime(0)
    const manager = connectServiceManager({ environment: { NOTIFY_SOCKET: path }, pid: PID, timers })!
    manager.ready()
    manager.status('watching 2 monitors')
    await receiver.until(/^STATUS=watching 2 monitors$/)
    assert.deepEqual(receiver.messages(), ['EXTEND_TIMEOUT_USEC=120000000', 'READY=1', 'STATUS=watching 2 monitors'])
  })
})
