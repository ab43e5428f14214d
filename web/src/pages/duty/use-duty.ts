import { useQuery } from '@tanstack/react-query'
import { api, query } from '../../api/client.ts'
import { addTexts } from '../../i18n/index.ts'
import { duty as texts } from '../../i18n/texts/duty.ts'
import type { Duty } from './types.ts'

addTexts('duty', texts)

const REFRESH_MS = 60_000

/** Who is on duty; `from`: first day of the table, a date. */
export const useDuty = (from?: string) =>
  useQuery({
    queryKey: ['duty', from],
    queryFn: () => api.get<Duty>(`/duty${query({ from })}`),
    refetchInterval: REFRESH_MS,
    placeholderData: (before) => before,
  })
