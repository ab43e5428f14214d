import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemTimers } from '#lib/time/timers.ts'
import { firstOf, inTurn } from './dial.ts'

/** Attempts that end when the test says so. */
const attempts = () => {
  const begun: string[] = []
  const given: string[] = []
  const dropped: string[] = []
  const ends = new Map<string, (ok: boolean) => void>()
  const controller = new AbortController()
  const start = (addresses: readonly string[], nextAfterMs: number) =>
    firstOf(addresses, {
      signal: controller.signal,
      timers: systemTimers,
      nextAfterMs,
      attempt: (address, signal) =>
        new Promise<{ ok: boolean; address: string }>((resolve) => {
          begun.push(address)
          ends.set(address, (ok) => resolve({ ok, address }))
          signal.addEventListener('abort', () => given.push(address))
        }),
      discard: ({ address }) => dropped.push(address),
    })
  const end = (address: string, ok: boolean) => {
    ends.get(address)!(ok)
    return new Promise<void>((later) => setImmediate(later))
  }
  return { begun, given, dropped, start, end, abort: () => controller.abort() }
}
const NEVER = 1_000_000

describe('the addresses of a name', () => {
  it('are tried by version in turn, beginning with that of the first', () => {
    assert.deepEqual(inTurn(['::1', '::2', '::3', '1.1.1.1']), ['::1', '1.1.1.1', '::2', '::3'])
    assert.deepEqual(inTurn(['1.1.1.1', '::1', '::2', '::3']), ['1.1.1.1', '::1', '::2', '::3'])
    assert.deepEqual(inTurn(['1.1.1.1', '2.2.2.2']), ['1.1.1.1', '2.2.2.2'])
  })

  it('the next as soon as one fails', async () => {
    const { begun, start, end } = attempts()
    const reply = start(['a', 'b', 'c'], NEVER)
    assert.deepEqual(begun, ['a'])
    await end('a', false)
    assert.deepEqual(begun, ['a', 'b'])
    await end('b', true)
    assert.deepEqual(await reply, { ok: true, address: 'b' })
    assert.deepEqual(begun, ['a', 'b'])
  })

  it('the next beside one that keeps silent, which may still be the first to answer', async () => {
    const { begun, given, dropped, start, end } = attempts()
    const reply = start(['a', 'b', 'c'], 1)
    while (begun.length < 3) await new Promise((later) => setTimeout(later, 1))
    await end('a', true)
    assert.deepEqual(await reply, { ok: true, address: 'a' })
    assert.deepEqual(given, ['a', 'b', 'c'])
    await end('b', true)
    assert.deepEqual(dropped, ['b'])
  })

  it('fail when all have, with the reply that came last', async () => {
    const { begun, start, end } = attempts()
    const reply = start(['a', 'b'], 1)
    while (begun.length < 2) await new Promise((later) => setTimeout(later, 1))
    await end('b', false)
    await end('a', false)
    assert.deepEqual(await reply, { ok: false, address: 'a' })
  })

  it('fail with what tells of the host, before what tells of this machine', async () => {
    const failing = (code: string) => ({ ok: false, code })
    const codes = new Map(Object.entries({ a: 'no_route', b: 'refused', c: 'no_route' }))
    const signal = new AbortController().signal
    const attempt = async (address: string) => failing(codes.get(address)!)
    const tells = ({ code }: { code: string }) => code !== 'no_route'
    assert.deepEqual(
      await firstOf(['a', 'b', 'c'], { signal, timers: systemTimers, attempt, tells }),
      failing('refused'),
    )
    assert.deepEqual(await firstOf(['a', 'c'], { signal, timers: systemTimers, attempt, tells }), failing('no_route'))
  })

  it('fail at once where the look is given up before it begins', async () => {
    const { begun, start, end, abort } = attempts()
    abort()
    const reply = start(['a', 'b'], NEVER)
    assert.deepEqual(begun, ['a'])
    await end('a', false)
    assert.deepEqual(await reply, { ok: false, address: 'a' })
    assert.deepEqual(begun, ['a'])
  })

  it('are not tried on once the look is given up', async () => {
    const { begun, start, end, abort } = attempts()
    const reply = start(['a', 'b'], NEVER)
    abort()
    await end('a', false)
    assert.deepEqual(await reply, { ok: false, address: 'a' })
    assert.deepEqual(begun, ['a'])
  })
})
