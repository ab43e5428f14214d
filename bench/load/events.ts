/** What is sent, by the number of the event, so that two processes agree on it without telling one another. */
export type EventKind = 'mixed' | 'distinct' | 'alertmanager'

const TYPES = ['ml_prediction', 'zeek_detection', 'fail2ban_ban', 'disk_report', 'backup_report'] as const
const JAILS = ['sshd', 'postfix-sasl', 'nginx-http-auth', 'recidive']
const SUBJECTS = 200

/** Five types from two hundred addresses; one event in about ten matches a rule of `rules.ts`. */
const mixed = (index: number) => ({
  type: TYPES[index % TYPES.length]!,
  severity: index % 7 === 0 ? 'HIGH' : 'MEDIUM',
  ip: `203.0.113.${index % SUBJECTS}`,
  confidence: (index * 37) % 101,
  jail: JAILS[index % JAILS.length]!,
  country: index % 11 === 0 ? 'AR' : 'US',
  port: 1024 + (index % 5000),
  evidence: { attempts: index % 50, bytes: (index * 97) % 100_000, user: `user-${index % 300}` },
})

/** A subject of its own each, so that each one opens an alert. */
const distinct = (index: number) => ({
  type: 'backup_report',
  severity: 'HIGH',
  subject: `n-${index}`,
  job: 'nightly',
  exit_code: 3,
  message: 'the repository is locked',
})

/** The same as an alert of Alertmanager's API. */
const alertmanager = (index: number) => ({
  labels: { alertname: 'backup_report', severity: 'HIGH', subject: `n-${index}`, job: 'nightly' },
  annotations: { exit_code: '3', message: 'the repository is locked' },
})

const MAKERS: Readonly<Record<EventKind, (index: number) => object>> = { mixed, distinct, alertmanager }

/** The body that holds `batch` events from number `first` on: one object, or an array. Alertmanager takes only arrays. */
export const bodyOf = (kind: EventKind, first: number, batch: number): string => {
  const events = Array.from({ length: batch }, (_, offset) => MAKERS[kind](first + offset))
  return JSON.stringify(batch === 1 && kind !== 'alertmanager' ? events[0] : events)
}

/** The number of a distinct event that a message is about; undefined when it is about none. */
export const numberIn = (body: string): number | undefined => {
  const found = /"subject":"n-(\d+)"/.exec(body)
  return found ? Number(found[1]) : undefined
}

interface BenchRule {
  readonly name: string
  readonly type: string
  readonly conditions: object
  readonly severity?: string
  readonly cooldown: string
  readonly channels?: readonly string[]
}

/** Conditions as people write them: numbers, lists, networks, texts, nested fields, groups. The first ones match at times. */
const CONDITIONS: readonly object[] = [
  { confidence: { operator: '>', value: 98 } },
  { jail: { in: ['sshd', 'recidive'] }, country: { operator: '==', value: 'AR' }, 'evidence.attempts': '>= 40' },
  { ip: { cidr: ['198.51.100.0/24', '192.0.2.0/24'] } },
  { any: [{ country: { operator: '==', value: 'KP' } }, { 'evidence.bytes': { operator: '>', value: 99_990 } }] },
  { 'evidence.user': { operator: '==', value: 'root' }, confidence: '> 10' },
  { confidence: { operator: '>', value: 80 }, port: { operator: '==', value: 22 } },
  { jail: { operator: 'contains', value: 'mysql' } },
  { not: { confidence: { operator: '>=', value: 0 } } },
  { 'evidence.user': { operator: 'matches', value: '^admin[0-9]+$' } },
  { missing_field: { operator: '>', value: 3 }, jail: { operator: '==', value: 'sshd' } },
]

/** Ten rules for each type. */
export const fiftyRules = (channels: readonly string[]): readonly BenchRule[] =>
  TYPES.flatMap((type) =>
    CONDITIONS.map((conditions, index) => ({
      name: `${type} ${index}`,
      type: type === 'backup_report' && index % 2 === 1 ? 'custom' : type,
      conditions,
      cooldown: '30m',
      channels,
      ...(index % 3 === 0 && { severity: 'MEDIUM' }),
    })),
  )
