import type { Ban, BanChange, BanVoice, NewBan } from '#core/ban/ban.ts'
import type { NewEvent } from '#core/event/event.ts'
import { writtenAt } from '#core/event/record.ts'
import type { ZeekRecord } from '#core/event/zeek-record.ts'
import { createCorrelation } from '#detectors/correlation.ts'
import type { Detections } from '#detectors/run.ts'
import { createRecentMap } from '#lib/sketch/recent-map.ts'
import { applyBanChanges, type KnownBans } from '#pipeline/ban/ban-changes.ts'
import { familiesOf, readStoredLogs, type StoredLog } from '#sources/fail2ban/stored-logs.ts'
import type { ReadHooks } from '#sources/stored-file.ts'
import { mergeZeekFiles } from '#sources/zeek/merge.ts'

const MOST_BANS = 100_000

export interface ReplayInput {
  /** Paths of logs that are none of fail2ban. */
  readonly zeek: readonly string[]
  readonly fail2ban: readonly StoredLog[]
  /** Of fail2ban's logs; undefined: this machine's. */
  readonly timeZone: string | undefined
  readonly detections: Detections
  readonly hooks: ReadHooks & { readonly latestMs?: number; onRecords?(count: number): void }
}

/** What a server remembers of bans in its database, in memory. */
const createKnownBans = (): KnownBans => {
  const known = createRecentMap<string, Ban>(MOST_BANS)
  const keyOf = ({ jail, ip }: Pick<NewBan, 'jail' | 'ip'>) => `${jail} ${ip}`
  return {
    bans: {
      find: async (key) => known.get(keyOf(key)),
      save: async (ban) => known.set(keyOf(ban), { ...ban, id: 0 }),
      remove: async (key) => {
        const had = known.get(keyOf(key)) !== undefined
        known.delete(keyOf(key))
        return had
      },
    },
  }
}

/** The events of one fail2ban, one after the other. */
async function* banEvents(logs: readonly StoredLog[], { timeZone, hooks }: ReplayInput): AsyncGenerator<NewEvent> {
  const bans = createKnownBans()
  const voiceAt = ({ at }: BanChange): BanVoice => ({ server: 'fail2ban', language: 'en', receivedAt: at })
  for await (const changes of readStoredLogs(logs, timeZone, hooks))
    for (const change of changes) yield* await applyBanChanges([change], voiceAt(change), bans)
}

/** Several streams of events as one, by time; each of them is nearly in order. */
const mergeEvents = async (streams: readonly AsyncGenerator<NewEvent>[]) => {
  const heads: { event: NewEvent; rest: AsyncGenerator<NewEvent> }[] = []
  const advance = async (rest: AsyncGenerator<NewEvent>) => {
    const next = await rest.next()
    if (!next.done) heads.push({ event: next.value, rest })
  }
  for (const stream of streams) await advance(stream)
  const first = () =>
    heads.reduce<(typeof heads)[number] | undefined>(
      (least, head) => (least && least.event.at <= head.event.at ? least : head),
      undefined,
    )
  return {
    /** When the next one happened, ms; infinity after the last. */
    nextAt: () => first()?.event.at ?? Number.POSITIVE_INFINITY,
    take: async (): Promise<NewEvent> => {
      const head = first()!
      heads.splice(heads.indexOf(head), 1)
      await advance(head.rest)
      return head.event
    },
  }
}

/**
 * Everything that stored logs lead to, in the order in which they were written: detections, bans, and what several of
 * them come to. The same as a server that followed them says.
 */
export async function* replayEvents(input: ReplayInput): AsyncGenerator<readonly NewEvent[]> {
  const { zeek, fail2ban, detections, hooks } = input
  const correlation = createCorrelation()
  const bans = await mergeEvents(familiesOf(fail2ban).map((logs) => banEvents(logs, input)))
  let nextBanAt = bans.nextAt()

  async function* bansUntil(at: number) {
    while (nextBanAt <= at) {
      yield correlation.observe([await bans.take()]).events
      nextBanAt = bans.nextAt()
    }
  }
  const detect = (record: ZeekRecord) => {
    const found = detections.observe(record)
    return found.length === 0 ? found : correlation.observe(found).events
  }

  for await (const batch of mergeZeekFiles(zeek, hooks)) {
    hooks.onRecords?.(batch.length)
    for (const record of batch) {
      if (writtenAt(record) >= nextBanAt) yield* bansUntil(writtenAt(record))
      const events = detect(record)
      if (events.length > 0) yield events
    }
  }
  yield* bansUntil(Number.MAX_VALUE)
  yield correlation.observe(detections.flush()).events
}
