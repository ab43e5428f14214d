import { type Account, type Fact, judgeLastWords, type Moment, type Word } from '../last-word.ts'
import type { Lives } from './lives.ts'
import { TARGETS, type Load as WholeLoad, type Targets as WholeTargets } from './load.ts'
import type { Mail, Post, Receivers as WholeReceivers } from './receivers.ts'

type Load = Pick<WholeLoad, 'acknowledged' | 'typeOf'>
type Targets = Pick<WholeTargets, 'ports' | 'isUp'>
type Receivers = Pick<WholeReceivers, 'posts' | 'mails'>

interface StoredEvent {
  readonly id: number
  readonly subject: string
}
interface StoredNotification {
  readonly uid: string
  readonly channel: number
  readonly reason: string
  readonly status: string
  readonly created_at: string
  readonly error: string | null
}
interface StoredMonitor {
  readonly id: number
  readonly name: string
  readonly state: string
}

export interface KillReport {
  readonly acknowledged: number
  readonly stored: number
  readonly notifications: number
  readonly posts: number
  readonly mails: number
  /** The same message with the same id once more: the process died before it had noted that it is taken. */
  readonly repeats: number
  readonly faults: readonly string[]
}

/** What stands in the store once nothing changes any more. */
export const readStore = async (lives: Lives) => {
  const monitors = await lives.list<StoredMonitor>('/monitors')
  const { text } = await lives.ask('/api/v1/channels')
  const channels = (JSON.parse(text) as { items: { id: number; name: string }[] }).items
  const transitions = new Map<string, readonly { to: string; at: string }[]>()
  for (const { id, name } of monitors) {
    const answer = await lives.ask(`/api/v1/monitors/${id}/transitions?limit=1000`)
    transitions.set(name, (JSON.parse(answer.text) as { items: { to: string; at: string }[] }).items)
  }
  const [events, notifications] = [
    await lives.list<StoredEvent>('/events'),
    await lives.list<StoredNotification>('/notifications'),
  ]
  return {
    monitors,
    transitions,
    events,
    notifications,
    channelOf: new Map(channels.map(({ id, name }) => [id, name])),
  }
}
export type Stored = Awaited<ReturnType<typeof readStore>>

const SUMMARY = /^SUMMARY\b/
const grouped = <T>(list: readonly T[], key: (one: T) => string) => Map.groupBy(list, key)

/** Acknowledged is stored once. */
const judgeEvents = ({ acknowledged }: Load, { events }: Stored): string[] => {
  const bySubject = grouped(events, ({ subject }) => subject)
  return [...acknowledged].flatMap(([subject]) => {
    const count = bySubject.get(subject)?.length ?? 0
    return count === 1 ? [] : [`${subject} was acknowledged and is stored ${count} times`]
  })
}

/** What a rule looks at is told by its channels; what none looks at is not. */
const judgeDecisions = (stored: Stored, { posts, mails }: Receivers, load: Load): string[] => {
  const told = new Set(posts.filter(({ taken }) => taken).map(({ body }) => body.subject))
  const texts = mails.filter(({ body }) => body.to.startsWith('soc')).map(({ body }) => `${body.subject}\n${body.text}`)
  const mailed = new Set(texts.flatMap((text) => text.match(/event-\d+-\d+-\d+/g) ?? []))
  const more = texts.reduce((sum, text) => sum + Number(/\+(\d+)$/m.exec(text)?.[1] ?? 0), 0)
  const subjects = new Set(stored.events.map(({ subject }) => subject))
  const types = [...subjects].filter((one) => one.startsWith('event-'))
  const typeOf = (subject: string) => load.typeOf(subject)
  const unmailed = types.filter((one) => typeOf(one) === 'loud' && !mailed.has(one))
  return [
    ...types
      .filter((one) => typeOf(one) !== 'light' && !told.has(one))
      .map((one) => `${one} is stored and was not posted`),
    ...types
      .filter((one) => typeOf(one) === 'light' && told.has(one))
      .map((one) => `${one} is below its rule and was told`),
    // A mail of many names twenty.
    ...(unmailed.length > more ? [`${unmailed.length - more} of ${unmailed.join()} were not mailed`] : []),
  ]
}

/** What the outbox says it told has come, what has come is in the outbox, and nothing is left. */
const judgeOutbox = ({ notifications, channelOf }: Stored, { posts, mails }: Receivers): string[] => {
  const taken = [...posts, ...mails].filter((one) => one.taken).map(({ body }) => (body as Post | Mail).id)
  const came = new Set(taken)
  const known = new Set(notifications.map(({ uid }) => uid))
  // A summary that more has joined since it was tried is another message, with another id.
  const renewed = new Set(mails.filter(({ body }) => SUMMARY.test(body.subject)).map(({ body }) => body.id))
  const name = ({ uid, channel, reason, status, error }: StoredNotification) =>
    `${channelOf.get(channel)} ${reason} ${uid} (${status}${error === null ? '' : `, ${error}`})`
  return [
    ...notifications
      .filter(({ status }) => status !== 'delivered' && status !== 'digested')
      .map((one) => `${name(one)} was never told`),
    ...notifications
      .filter(({ status, uid }) => status === 'delivered' && !came.has(uid))
      .map((one) => `${name(one)} did not come`),
    ...[...came].filter((id) => !known.has(id) && !renewed.has(id)).map((id) => `${id} came and is in no outbox`),
  ]
}

/** New is new once: under one id, however often that comes. */
const judgeNews = ({ posts }: Receivers): string[] => {
  const firsts = posts.filter(({ body }) => body.reason === 'first' && body.subject.startsWith('event-'))
  const ids = grouped(firsts, ({ body }) => body.subject)
  return [...ids].flatMap(([subject, all]) => {
    const different = new Set(all.map(({ body }) => body.id))
    return different.size === 1 ? [] : [`${subject} was told as new under ${different.size} ids`]
  })
}

/** States and the last words by webhook and by mail are what the targets are. */
const judgeStates = ({ monitors }: Stored, targets: Targets): string[] =>
  monitors.flatMap(({ name, state }) => {
    const isUp = targets.isUp(Number(name.slice('target-'.length)))
    return state === (isUp ? 'up' : 'down') ? [] : [`${name} is ${isUp ? 'up' : 'down'} and its state is ${state}`]
  })

const isTarget = (subject: string) => subject.startsWith('target-')
const SEEN_MS = 3000
/** The clock of a busy machine may step back by so much between a change and the message about it, ms. */
const STEP_MS = 20

/** What a message was decided of may have passed by the time that it is written. */
const decidedAt = (says: string, at: number, moments: readonly Moment[]): number => {
  const fact = says === 'over' ? 'well' : says
  const recent = moments.filter((moment) => moment.at <= at + STEP_MS && moment.fact === fact)
  const last = recent.at(-1)
  const next = last && moments.find((moment) => moment.at > last.at)
  return last && (next === undefined || next.at >= at - SEEN_MS)
    ? Math.max(last.at, Math.min(at, (next?.at ?? at + 1) - 1))
    : at
}

const FACTS: Readonly<Record<string, Fact>> = { up: 'well', down: 'down', degraded: 'degraded' }
const momentsOf = ({ transitions }: Stored, targets: Targets): ReadonlyMap<string, readonly Moment[]> =>
  new Map(
    [...transitions].map(([name, list]) => {
      const seen = list
        .map(({ to, at }) => ({ at: Date.parse(at), fact: FACTS[to] ?? 'unknown', severity: 2 }))
        .toSorted((a, b) => a.at - b.at)
      // What the server knows may be wrong: how it is, is what the target is.
      const fact = targets.isUp(Number(name.slice('target-'.length))) ? 'well' : 'down'
      const end = seen.at(-1)?.fact === fact ? [] : [{ at: Date.now(), fact, severity: 2 } as const]
      return [name, [...seen, ...end]]
    }),
  )

const hookWords = (stored: Stored, { posts }: Receivers, truth: ReadonlyMap<string, readonly Moment[]>): Word[] => {
  const created = new Map(stored.notifications.map(({ uid, created_at }) => [uid, Date.parse(created_at)]))
  const last = new Map(posts.filter(({ taken }) => taken).map((one) => [one.body.id, one]))
  return posts
    .filter((one) => isTarget(one.body.subject) && last.get(one.body.id) === one)
    .map(({ at, body: { id, reason, subject, state, resolved_by: endedBy } }) => {
      const says = (reason === 'resolved' ? 'over' : (state ?? 'open')) as Word['says']
      return {
        at,
        decidedAt: decidedAt(says, created.get(id) ?? at, truth.get(subject) ?? []),
        channel: 'hook',
        subject,
        reason,
        says,
        severity: 2,
        endedBy,
      }
    })
}

const END = /^(RECOVERED|UP|RESOLVED|CLOSED|Recovered|Ended)\b/
const BEGIN = /^(DOWN|STILL DOWN|Down now)\b/

/** What the last mail that names a target says of it. */
const judgeMails = ({ mails }: Receivers, targets: Targets): string[] => {
  const last = new Map<string, { isDown: boolean; line: string }>()
  for (const { body } of mails.filter((one) => one.body.to.startsWith('noc')))
    for (const line of [body.subject, ...body.text.split(/\r?\n/)]) {
      const isBegin = BEGIN.test(line)
      if (!isBegin && !END.test(line)) continue
      const isDown = isBegin !== /in trouble again since|over since/.test(line)
      for (const name of line.match(/target-\d+/g) ?? []) last.set(name, { isDown, line })
    }
  return targets.ports.flatMap((_, index) => {
    const word = last.get(`target-${index}`)
    if ((word?.isDown ?? false) !== targets.isUp(index)) return []
    return [`target-${index} is ${targets.isUp(index) ? 'up' : 'down'}, and its last mail says "${word?.line ?? ''}"`]
  })
}

/** Everything that is not as it is to be when all has had its time. */
export const judgeKills = (stored: Stored, load: Load, targets: Targets, receivers: Receivers): KillReport => {
  const truth = momentsOf(stored, targets)
  const account: Account = {
    truth,
    words: hookWords(stored, receivers, truth),
    channels: ['hook'],
    hears: () => true,
    excuse: () => undefined,
  }
  const missing = TARGETS - stored.monitors.length
  const ids = [...receivers.posts, ...receivers.mails].filter(({ taken }) => taken).map(({ body }) => body.id)
  return {
    acknowledged: load.acknowledged.size,
    stored: stored.events.filter(({ subject }) => subject.startsWith('event-')).length,
    notifications: stored.notifications.length,
    posts: receivers.posts.length,
    mails: receivers.mails.length,
    repeats: ids.length - new Set(ids).size,
    faults: [
      ...(missing === 0 ? [] : [`${missing} monitors are gone`]),
      ...judgeEvents(load, stored),
      ...judgeDecisions(stored, receivers, load),
      ...judgeOutbox(stored, receivers),
      ...judgeNews(receivers),
      ...judgeStates(stored, targets),
      ...judgeLastWords(account),
      ...judgeMails(receivers, targets),
    ],
  }
}
