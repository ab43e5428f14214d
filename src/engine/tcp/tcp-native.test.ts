import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import type { ConnectRequest } from '#core/probe.ts'
import { loadNative, type Native } from '../native.ts'
import { createTcpConnector } from './tcp-native.ts'

const [ESTABLISHED, SYN_SENT] = [1, 2]
const MOST_AT_ONCE = 8192

/** A kernel in which connects wait until the test has them answered. */
const createFakeTcp = () => {
  const states = new Map<number, number>()
  const news: number[] = []
  const option = new Uint32Array(64)
  let sockets = 10
  const kernel = {
    /** Calls with the descriptor that they were made for. */
    calls: [] as (readonly [string, number])[],
    answer: (fd: number) => {
      states.set(fd, ESTABLISHED)
      news.push(fd)
    },
  }
  const note = (name: string, fd: number, result: number) => {
    kernel.calls.push([name, fd])
    return result
  }
  const native: Native = {
    socket: () => ++sockets,
    bind: () => 0,
    close: (fd) => note('close', fd, 0),
    setsockopt: (fd) => note('setsockopt', fd, 0),
    sendmmsg: () => -1,
    recvmmsg: () => -1,
    connect: (fd) => {
      states.set(fd, SYN_SENT)
      return note('connect', fd, -1)
    },
    disconnect: (fd) => note('disconnect', fd, 0),
    meetsItself: () => false,
    getsockopt: (fd) => {
      option[0] = states.get(fd)!
      option[17] = 1500
      return true
    },
    option,
    socketOption: () => 0,
    epollCreate: () => 3,
    epollAdd: () => {},
    epollWait: (_epoll, ready) => {
      const some = news.splice(0)
      for (const fd of some) ready(fd)
      return some.length
    },
    nameOf: String,
    address: () => 0,
    wallClock: () => 0,
    errorName: () => 'EINPROGRESS',
    clockIsKept: () => true,
  }
  const connected = () => kernel.calls.filter(([name]) => name === 'connect').map(([, fd]) => fd)
  return { native, kernel, connected }
}

const far = (changes: Partial<ConnectRequest> = {}): ConnectRequest => ({
  address: '192.0.2.1',
  port: 80,
  timeoutMs: 60_000,
  reset: true,
  ...changes,
})

/** A connector over the fake kernel, and the slots that were reported with their times. */
const faked = (context: TestContext) => {
  const fake = createFakeTcp()
  const connector = createTcpConnector(fake.native)
  const reported: (readonly [slot: number, ms: number])[] = []
  const connects = connector.connects((slot, _ok, ms) => reported.push([slot, ms]))
  context.after(() => connector.close())
  const until = async (count: number) => {
    for (let turn = 0; turn < 500 && reported.length < count; turn++) await new Promise((later) => setTimeout(later, 2))
    assert.equal(reported.length, count)
  }
  return { ...fake, connects, reported, until }
}

describe('TCP connects on a kernel that answers when told', () => {
  it('a socket that is closed by a reset serves again, once its news has been read', async (context) => {
    const { kernel, connects, connected, reported, until } = faked(context)
    connects.start(0, far())
    kernel.answer(connected()[0]!)
    await until(1)
    // Its news may still be on the way.
    connects.start(1, far())
    kernel.answer(connected()[1]!)
    await until(2)
    connects.start(2, far())
    const [first, second, third] = connected()
    assert.notEqual(second, first)
    assert.equal(third, first)
    assert.deepEqual(reported, [
      [0, 1.5],
      [1, 1.5],
    ])
  })

  it('one that says goodbye is closed', async (context) => {
    const { kernel, connects, connected, until } = faked(context)
    connects.start(0, far({ reset: false }))
    const [fd] = connected()
    kernel.answer(fd!)
    await until(1)
    assert.deepEqual(kernel.calls, [
      ['connect', fd],
      ['close', fd],
    ])
  })

  it('one whose address has bound it is closed by a reset', async (context) => {
    const { kernel, connects, connected, until } = faked(context)
    connects.start(0, far({ address: '::ffff:192.0.2.1' }))
    const [fd] = connected()
    kernel.answer(fd!)
    await until(1)
    assert.deepEqual(kernel.calls, [
      ['setsockopt', fd],
      ['connect', fd],
      ['setsockopt', fd],
      ['close', fd],
    ])
  })

  it('what waits for its turn gets it, and can be cancelled before and after', async (context) => {
    const { kernel, connects, connected, reported, until } = faked(context)
    for (let slot = 0; slot < MOST_AT_ONCE + 3; slot++) connects.start(slot, far())
    assert.equal(connected().length, MOST_AT_ONCE)
    connects.cancel(MOST_AT_ONCE)
    for (const fd of connected().slice(0, 2)) kernel.answer(fd)
    await until(2)
    const [early, late] = connected().slice(MOST_AT_ONCE)
    connects.cancel(MOST_AT_ONCE + 1)
    for (const fd of [early!, late!]) kernel.answer(fd)
    await until(3)
    assert.deepEqual(
      reported.map(([slot]) => slot),
      [0, 1, MOST_AT_ONCE + 2],
    )
  })
})

const native = loadNative()

describe('TCP connects on this kernel', { skip: !native && 'needs the native calls' }, () => {
  const listen = async (context: TestContext) => {
    const server = createServer((socket) => void socket.on('error', () => {}).resume()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    context.after(() => server.close())
    return (server.address() as { port: number }).port
  }

  it('each gets its own answer by a handful of descriptors', async (context) => {
    const port = await listen(context)
    const connector = createTcpConnector(native!)
    context.after(() => connector.close())
    const codes: string[] = []
    const connects = connector.connects((slot, _ok, _ms, code) => {
      codes[slot] = code
    })
    const descriptors = () => readdirSync('/proc/self/fd').length
    const before = descriptors()
    for (let slot = 0; slot < 400; slot++)
      connects.start(slot, { address: '127.0.0.1', port: slot % 2 === 0 ? port : 1, timeoutMs: 5000, reset: true })
    for (let turn = 0; turn < 500 && codes.filter(Boolean).length < 400; turn++)
      await new Promise((later) => setTimeout(later, 5))
    assert.deepEqual(
      codes,
      Array.from({ length: 400 }, (_, slot) => (slot % 2 === 0 ? 'ok' : 'refused')),
    )
    connects.close()
    // The server's own ends are gone as soon as it has read the resets.
    for (let turn = 0; turn < 500 && descriptors() > before + 8; turn++)
      await new Promise((later) => setTimeout(later, 5))
    assert.ok(descriptors() <= before + 8)
  })

  it('what fails at once is an answer like any other', async (context) => {
    const connector = createTcpConnector(native!)
    context.after(() => connector.close())
    const reply = await connector.connect('no address', 80, { timeoutMs: 100, signal: new AbortController().signal })
    assert.ok(!reply.ok && reply.code === 'bad_address')
  })
})
