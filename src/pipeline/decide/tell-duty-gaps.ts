import type { DutyRota } from '#core/duty/duty.ts'
import { type DutySegment, dutyGaps } from '#core/duty/on-duty.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { Notice } from '#core/message/notice.ts'
import { noticeFacts } from '#core/message/notice-facts.ts'
import { iso } from '#lib/time/iso.ts'
import type { Storage } from '#storage/index.ts'

export interface DutyGapsDeps {
  readonly storage: Pick<Storage, 'transaction'>
  /** What is known of who is on duty; another object once it has changed. */
  readonly rota: () => DutyRota
  readonly timeZone: () => string
  readonly channels: () => readonly Channel[]
}

const DAY_MS = 86_400_000
/** So far ahead gaps are looked for, and shown. */
export const DUTY_HORIZON_MS = 14 * DAY_MS
/** So long before it begins a gap is told. */
const TELL_AHEAD_MS = 2 * DAY_MS
const LOOK_EVERY_MS = 300_000
const GAPS_NAMED = 10

type Told = Awaited<ReturnType<Parameters<Parameters<Storage['transaction']>[0]>[0]['duty']['gapsTold']>>

/** People know of it already, all of it. */
const isTold = ({ from, to }: DutySegment, told: Told): boolean => told.some((one) => one.from <= from && to <= one.to)

const noticeOf = (list: string, gaps: readonly DutySegment[], count: number, fallback: readonly string[]): Notice => ({
  code: 'duty_gap',
  name: list,
  gaps: gaps.slice(0, GAPS_NAMED).map(({ from, to }) => ({ starts_at: iso(from), ends_at: iso(to) })),
  count,
  fallback,
})

/** Tells two days ahead, once, of times in which nobody is on duty. */
export const createDutyGaps = ({ storage, rota, timeZone, channels }: DutyGapsDeps) => {
  let seen: DutyRota | undefined
  let nextAt = 0

  const tell = (known: DutyRota, now: number): Promise<boolean> =>
    storage.transaction(async ({ duty, notifications }) => {
      let told = false
      await duty.forgetGaps(now)
      for (const list of known.lists.filter(({ gapsAreMeant }) => !gapsAreMeant)) {
        const all = dutyGaps(list, known, now, now + DUTY_HORIZON_MS, timeZone())
        const before = await duty.gapsTold(list.name, now)
        const near = all.filter((gap) => gap.from <= now + TELL_AHEAD_MS && !isTold(gap, before))
        if (near.length === 0) continue
        const payload = noticeFacts(noticeOf(list.name, near, all.length, list.fallback), now)
        const hearing = channels().filter(({ name, enabled }) => enabled && list.fallback.includes(name))
        await notifications.insert(
          hearing.map(({ id }) => ({ alertId: null, channelId: id, reason: 'notice', payload, createdAt: now })),
        )
        for (const gap of near) await duty.gapTold(list.name, gap)
        told ||= hearing.length > 0
      }
      return told
    })

  return {
    /** True when it is time to look: who is on duty is arranged anew, or a while has passed. */
    isDue: (now: number): boolean => rota().lists.length > 0 && (rota() !== seen || now >= nextAt),
    /** True when anything was told. */
    look: async (now: number): Promise<boolean> => {
      const known = rota()
      const told = await tell(known, now)
      seen = known
      nextAt = now + LOOK_EVERY_MS
      return told
    },
  }
}
