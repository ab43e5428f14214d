import type { Alert } from '../../api/types.ts'

/** When it is told again at the earliest: who has it, a silence, and planned work put a reminder off. */
export const nextNoticeOf = ({
  next_notice_at: next,
  acknowledgement,
  silence,
  maintenance,
}: Pick<Alert, 'next_notice_at' | 'acknowledgement' | 'silence' | 'maintenance'>): string | undefined => {
  if (!next || (acknowledgement && !acknowledgement.until)) return undefined
  return [next, acknowledgement?.until, silence?.until, maintenance?.until]
    .filter((at) => typeof at === 'string')
    .toSorted((one, other) => Date.parse(one) - Date.parse(other))
    .at(-1)
}
