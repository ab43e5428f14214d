import type { Alert } from '#core/alert/alert.ts'
import { severityRank } from '#core/event/severity.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { Notice } from '#core/message/notice.ts'
import { noticeFacts } from '#core/message/notice-facts.ts'
import { notThere, type Outcome, refused } from '#core/problem.ts'
import { says } from '#core/said.ts'
import type { ShiftLine } from '#core/shift/shift-line.ts'
import type { By } from '#core/who/by.ts'
import { iso } from '#lib/time/iso.ts'
import type { Repositories } from '#storage/index.ts'
import { changed, type Operate } from './operation.ts'

/** A line as people write it. */
interface WrittenLine {
  readonly text: string
  readonly ticket: string
  readonly pinned: boolean
  readonly alertId: number | null
  readonly monitorId: number | null
}

export interface ShiftDeps {
  readonly operate: Operate
  readonly channel: (id: number) => Channel | undefined
  readonly hasMonitor: (id: number) => boolean
  /** Something new is in the outbox. */
  readonly wake: () => void
}

/** The shift log, as people write it, hand it over and take it over. */
export interface ShiftOperations {
  write(by: By, line: WrittenLine): Promise<Outcome<ShiftLine>>
  /** It need not stay in sight any longer. */
  done(by: By, id: number): Promise<Outcome<ShiftLine>>
  /** Hands the shift over, with a word, and sends the summary by these channels. */
  handOver(by: By, text: string, channelIds: readonly number[]): Promise<Outcome<ShiftLine>>
  /** Whoever comes in signs the last handover. */
  sign(by: By, id: number): Promise<Outcome<ShiftLine>>
}

/** A first shift begins so long before it is handed over. */
const FIRST_SHIFT_MS = 12 * 3_600_000
/** What a message tells of each. */
const TOLD = 20
const COUNTED = 1000

const OBJECT = 'shift line'

/** When the shift that runs began, ms: with the handover of the one before. */
export const shiftSince = (handover: Pick<ShiftLine, 'at'> | undefined, now: number): number =>
  handover?.at ?? now - FIRST_SHIFT_MS

/** The most severe first, and of those the newest. */
export const worstFirst = (alerts: readonly Alert[]): readonly Alert[] =>
  alerts.toSorted((a, b) => severityRank(b.severity) - severityRank(a.severity) || b.id - a.id)

const namesOf = (alerts: readonly Alert[]): readonly string[] => alerts.slice(0, TOLD).map(({ subject }) => subject)

const textOf = ({ text, ticket }: ShiftLine): string => (ticket === '' ? text : `${text} [${ticket}]`)

const summaryOf = async (
  { name }: By,
  text: string,
  at: number,
  { shiftLines, alerts }: Repositories,
): Promise<Notice> => {
  const since = shiftSince(await shiftLines.lastHandover(), at)
  const [opened, closed, open] = [
    await alerts.openedSince(since, COUNTED),
    await alerts.resolvedSince(since, COUNTED),
    worstFirst(await alerts.firingAll()),
  ]
  const lines = (await shiftLines.list({ since, limit: TOLD })).filter(({ kind }) => kind === 'note')
  return {
    code: 'shift_handover',
    name,
    starts_at: iso(since),
    ends_at: iso(at),
    note: text,
    opened: opened.length,
    closed: closed.length,
    open: open.length,
    open_names: namesOf(open),
    lines: lines.toReversed().map(textOf),
    pinned: (await shiftLines.pinned(TOLD)).map(textOf),
  }
}

export const createShiftOperations = ({ operate, channel, hasMonitor, wake }: ShiftDeps): ShiftOperations => ({
  write: (by, line) =>
    operate(by, async ({ shiftLines, alerts }, at) => {
      if (line.alertId !== null && !(await alerts.byId(line.alertId))) return notThere('alert')
      if (line.monitorId !== null && !hasMonitor(line.monitorId)) return notThere('monitor')
      const id = await shiftLines.insert({ ...line, kind: 'note', at, by: by.name })
      return changed((await shiftLines.byId(id))!, { action: 'create', object: OBJECT, objectId: id })
    }),

  done: (by, id) =>
    operate(by, async ({ shiftLines }, at) => {
      const line = await shiftLines.byId(id)
      if (line?.kind !== 'note') return notThere('line of the shift log')
      const entry = { action: 'done', object: OBJECT, objectId: id }
      const did = await shiftLines.done(id, by.name, at)
      return changed((await shiftLines.byId(id))!, did ? entry : undefined)
    }),

  handOver: (by, text, channelIds) =>
    operate(
      by,
      async (repositories, at) => {
        const { shiftLines, notifications } = repositories
        const payload = noticeFacts(await summaryOf(by, text, at, repositories), at)
        const channels = channelIds.filter((one) => channel(one)?.enabled)
        await notifications.insert(
          channels.map((channelId) => ({ alertId: null, channelId, reason: 'notice', payload, createdAt: at })),
        )
        const id = await shiftLines.insert({
          kind: 'handover',
          at,
          by: by.name,
          text,
          ticket: '',
          pinned: false,
          alertId: null,
          monitorId: null,
        })
        return changed((await shiftLines.byId(id))!, { action: 'hand over', object: 'shift', objectId: id })
      },
      async () => wake(),
    ),

  sign: (by, id) =>
    operate(by, async ({ shiftLines }, at) => {
      const line = await shiftLines.lastHandover()
      if (line?.id !== id) return notThere('handover that waits to be signed')
      if (!(await shiftLines.done(id, by.name, at)))
        return refused(
          'in_use',
          '',
          `It was signed by ${line.doneBy} already.`,
          says(`It was signed by ${line.doneBy} already.`, `Ya lo firmó ${line.doneBy}.`),
        )
      return changed((await shiftLines.byId(id))!, { action: 'sign', object: 'shift', objectId: id })
    }),
})
