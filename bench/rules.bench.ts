import type { VigiaEvent } from '#core/event/event.ts'
import { createRuleIndex } from '#core/rule/rule-index.ts'
import { compileRule, RULE_DEFAULTS } from '#core/rule/rule-spec.ts'
import { type EvaluateInput, evaluate, newFindings } from '#pipeline/decide/evaluate.ts'
import type { Repositories } from '#storage/index.ts'
import { atMost, type Benchmark, type Row } from './row.ts'

const RULES = 1000
const EVENTS = 2000
/** The least disturbed round counts: the machine may be busy with other things. */
const ROUNDS = 7
const TYPES = ['ml_prediction', 'zeek_detection', 'fail2ban_ban', 'disk_report', 'backup_report'] as const

/** Three conditions, of which the first two hold and the last does not, and none names a value to look up. */
const hardest = (index: number) => ({
  confidence: { operator: '>=', value: index % 3 },
  ip: { operator: 'not_in', value: ['198.51.100.7', `192.0.2.${index % 250}`] },
  'evidence.user': { operator: 'contains', value: `root-${index}` },
})

/** What people write: most rules are settled by their first condition. */
const usual = (index: number) =>
  [
    { jail: { operator: '==', value: `jail-${index}` }, confidence: '> 10', port: '< 2000' },
    { confidence: { operator: '>', value: 101 + index }, country: { in: ['AR', 'UY'] }, port: '> 0' },
    { ip: { cidr: [`10.${index % 250}.0.0/16`] }, confidence: '> 10', jail: { operator: '!=', value: 'recidive' } },
    { 'evidence.user': { operator: 'matches', value: `^admin-${index}$` }, confidence: '> 10', port: '> 0' },
  ][index % 4]!

const eventOf = (index: number, type: string): VigiaEvent => ({
  id: index + 1,
  type,
  source: 'bench',
  severity: 'HIGH',
  subject: `203.0.113.${index % 200}`,
  at: index,
  receivedAt: index,
  monitorId: null,
  data: {
    ip: `203.0.113.${index % 200}`,
    confidence: 3 + ((index * 37) % 97),
    jail: 'sshd',
    country: 'AR',
    port: 1024 + (index % 5000),
    evidence: { attempts: index % 50, user: `user-${index % 300}` },
  },
})

/** Nothing matches, so nothing may be asked of the store. */
const noStore = new Proxy({} as Repositories, {
  get: () => {
    throw new Error('an event that matches no rule asked the store')
  },
})

/** CPU of one event against all the rules, µs, through the stage that the server runs. */
const measure = async (conditions: (index: number) => object, typeOf: (index: number) => string): Promise<number> => {
  const rules = Array.from({ length: RULES }, (_, index) =>
    compileRule({
      ...RULE_DEFAULTS,
      id: index + 1,
      name: `rule ${index}`,
      type: typeOf(index),
      conditions: conditions(index) as never,
      triggers: 0,
      lastTriggeredAt: null,
      createdAt: 0,
      createdBy: null,
      updatedAt: 0,
      updatedBy: null,
    }),
  ).filter((rule) => rule !== undefined)
  if (rules.length < RULES) throw new Error('a rule of the benchmark does not compile')
  const index = createRuleIndex(rules)
  const quiets = { silences: [], maintenance: [] }
  const look = async (events: readonly VigiaEvent[]) => {
    const findings = newFindings()
    for (const event of events) {
      const input: EvaluateInput = {
        event,
        rules: index,
        monitor: undefined,
        quiets,
        now: event.receivedAt,
        tooOldMs: 3_600_000,
      }
      await evaluate(input, findings, noStore)
    }
    if (findings.triggers.size > 0) throw new Error('a rule of the benchmark matches')
  }
  const events = Array.from({ length: EVENTS }, (_, number) => eventOf(number, typeOf(number)))
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage()
    await look(events)
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, (user + system) / EVENTS)
  }
  return least
}

/** One event against a thousand rules. */
export const benchmark: Benchmark = {
  names: ['rules.1000'],
  run: async (): Promise<readonly Row[]> => {
    const row = (what: string, ours: number) => atMost({ name: 'rules.1000', n: EVENTS, what, unit: 'us', ours }, 100)
    const oneType = await measure(hardest, () => 'fail2ban_ban')
    const typical = await measure(usual, () => 'fail2ban_ban')
    const mixed = await measure(usual, (index) => TYPES[index % TYPES.length]!)
    return [
      row('CPU per event, all rules of its type, 3 conditions that no index spares', oneType),
      row('all rules of its type, conditions as people write them', typical),
      row('rules of five types', mixed),
    ]
  },
}
