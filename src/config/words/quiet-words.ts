import { durationText } from '#lib/time/duration.ts'
import { iso } from '#lib/time/iso.ts'
import type { WantedMaintenance, WantedSilence } from '../quiets.ts'
import { matchEntryOf } from './match-words.ts'

/** What a file would say of a silence. */
export const silenceEntryOf = ({
  matchers,
  startsAt,
  endsAt,
  comment,
}: Pick<WantedSilence, 'matchers' | 'startsAt' | 'endsAt' | 'comment'>) => ({
  match: matchEntryOf(matchers),
  ...(startsAt !== null && { from: iso(startsAt) }),
  until: iso(endsAt),
  ...(comment !== '' && { reason: comment }),
})

const whenWords = (when: WantedMaintenance['when']) =>
  'cron' in when
    ? { cron: when.cron, duration: durationText(when.durationMs), time_zone: when.timeZone }
    : { from: iso(when.startsAt), until: iso(when.endsAt) }

/** What a file would say of planned work. */
export const maintenanceEntryOf = ({
  name,
  matchers,
  when,
  behind,
  note,
  tell,
}: Omit<WantedMaintenance, 'origin'>) => ({
  name,
  match: matchEntryOf(matchers),
  ...whenWords(when),
  ...(behind && { behind }),
  ...(note && { note }),
  ...(tell && {
    tell: {
      channels: [...tell.channels],
      ...(!tell.begin && { begin: false }),
      ...(!tell.end && { end: false }),
      ...(tell.leadMs && { ahead: durationText(tell.leadMs) }),
    },
  }),
})
