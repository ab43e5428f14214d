import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { lacksOwnNetwork } from '../fixtures/machine.ts'
import type { Told } from '../fixtures/port-troubles.ts'

const skip = lacksOwnNetwork('nsenter')

describe('the ready rules on ports, with real sockets', { skip }, () => {
  let told: Told
  before(() => {
    const script = join(import.meta.dirname, '../fixtures/port-troubles.ts')
    const output = execFileSync('unshare', ['-n', process.execPath, script], { encoding: 'utf8', timeout: 120_000 })
    told = JSON.parse(output) as Told
  })

  const cases = [
    ['syn_flood', 3001, 'CRITICAL SYN flood on port 3001', /^Cause: (16|17) half-open connections, limit 16$/m],
    [
      'close_wait_leak',
      3002,
      'MEDIUM connections not closed on port 3002',
      /^Cause: 1[012]\d connections that the program does not close, limit 100$/m,
    ],
    [
      'time_wait_exhaustion',
      3003,
      'HIGH local ports run out towards port 3003',
      /^Cause: 85 local ports in use, limit 80$/m,
    ],
    [
      'listener_gone',
      3004,
      'HIGH nothing listens on port 3004',
      /^Cause: no program accepts connections there any more$/m,
    ],
    [
      'accept_queue_overflow',
      3005,
      'HIGH accept queue full on port 3005',
      /^Cause: 3 connections wait to be accepted, room for 2$/m,
    ],
  ] as const
  for (const [problem, port, subject, figures] of cases)
    it(`mails ${problem} once, and its end`, () => {
      const [first, last] = told[problem]
      assert.ok(first!.subject.startsWith(subject), first!.subject)
      assert.match(first!.text, figures)
      assert.match(last!.subject, new RegExp(`^CLOSED .* port ${port}`))
    })
})
