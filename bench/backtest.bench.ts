import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { NewEvent } from '#core/event/event.ts'
import { RULE_DEFAULTS, type RuleSpec } from '#core/rule/rule-spec.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { createBacktest } from '#pipeline/decide/backtest.ts'
import { unsavedRule } from '#pipeline/decide/unsaved-rule.ts'
import { openStorage } from '#storage/index.ts'
import { atMost, type Benchmark, type Row } from './row.ts'

const EVENTS = 1_000_000
const AT_ONCE = 10_000
const DAYS = 30
const DAY_MS = 86_400_000
const FROM = 1_700_000_000_000

const eventOf = (index: number): NewEvent => {
  const at = FROM + Math.floor((index * DAYS * DAY_MS) / EVENTS)
  const subject = `203.0.${index % 16}.${(index * 7) % 256}`
  const data = {
    ip: subject,
    confidence: (index * 37) % 101,
    jail: index % 3 === 0 ? 'sshd' : 'nginx-http-auth',
    country: 'AR',
    evidence: { attempts: index % 50, user: `user-${index % 300}` },
  }
  return {
    type: 'fail2ban_ban',
    source: 'bench',
    severity: 'MEDIUM',
    subject,
    at,
    receivedAt: at,
    monitorId: null,
    data,
  }
}

/** Two conditions, both met by about one event in six, and a rate per subject. */
const rule: RuleSpec = {
  ...RULE_DEFAULTS,
  name: 'back-test',
  type: 'fail2ban_ban',
  conditions: { confidence: { operator: '>', value: 50 }, jail: { operator: 'in', value: ['sshd', 'recidive'] } },
  rate: { atLeast: 3, withinMs: DAY_MS },
  cooldownMs: 3_600_000,
}

/** A rule tried on a million stored events, while the server's own thread goes on. */
export const benchmark: Benchmark = {
  names: ['backtest.million'],
  run: async (): Promise<readonly Row[]> => {
    const folder = mkdtempSync(join(tmpdir(), 'vigia-bench-'))
    const storage = await openStorage({ dataDir: folder })
    try {
      for (let first = 0; first < EVENTS; first += AT_ONCE)
        await storage.transaction(({ events }) =>
          events.insertAll(Array.from({ length: AT_ONCE }, (_, offset) => eventOf(first + offset))),
        )
      const delay = monitorEventLoopDelay({ resolution: 10 })
      const before = { all: process.cpuUsage(), thread: process.threadCpuUsage() }
      const started = performance.now()
      delay.enable()
      const result = await createBacktest({ storage, timers: systemTimers }, Number.POSITIVE_INFINITY)(
        unsavedRule(rule)!,
        FROM,
      )
      delay.disable()
      const seconds = (performance.now() - started) / 1000
      const all = process.cpuUsage(before.all)
      const own = process.threadCpuUsage(before.thread)
      if (result.events !== EVENTS || result.wouldSend === 0) throw new Error('the back-test did not see all events')
      const row = { name: 'backtest.million', n: result.events }
      const found = `${result.matched} met the conditions, ${result.wouldSend} would be sent`
      return [
        atMost({ ...row, what: `two conditions and a rate; ${found}`, unit: 's', ours: seconds }, 5),
        atMost({ ...row, what: 'the same in CPU time', unit: 's', ours: (all.user + all.system) / 1e6 }, 5),
        atMost(
          {
            ...row,
            // A busy machine delays the loop of an idle thread as well; its own CPU time bounds what it can block.
            what: `CPU of the server's own thread meanwhile; its loop waited ${(delay.max / 1e6).toFixed(0)} ms at most`,
            unit: 'ms',
            ours: (own.user + own.system) / 1000,
          },
          50,
        ),
      ]
    } finally {
      await storage.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
