import { useTranslation } from 'react-i18next'
import { region } from '../../i18n/language.ts'
import { figures } from '../../i18n/texts/figures.ts'
import { percent } from '../../lib/format.ts'
import type { Figures, MessageSums } from './types.ts'

/** Of those that are settled: what is still tried counts for neither. */
export const successOf = ({ delivered, failed }: Pick<MessageSums, 'delivered' | 'failed'>): string =>
  delivered + failed === 0 ? '–' : percent(delivered / (delivered + failed))

/** What a part of the stretch is called, by the clock of the server's zone. */
export const partNames = ({ range, time_zone, parts }: Figures): readonly string[] => {
  const shown = new Intl.DateTimeFormat(region(), {
    timeZone: time_zone,
    hourCycle: 'h23',
    ...(range === 'day'
      ? { hour: '2-digit', minute: '2-digit' }
      : { weekday: 'short', day: 'numeric', month: 'short' }),
  })
  return parts.map(({ at }) => shown.format(new Date(at!)))
}

/** A day as spreadsheets know it, or an hour of one. */
export const partStamps = ({ range, time_zone, parts }: Figures): readonly string[] => {
  const stamp = new Intl.DateTimeFormat('sv', {
    timeZone: time_zone,
    dateStyle: 'short',
    ...(range === 'day' && { timeStyle: 'short' }),
  })
  return parts.map(({ at }) => stamp.format(new Date(at!)))
}

type Failure = keyof (typeof figures)['en']['failures']
const isFailure = (code: string): code is Failure => Object.hasOwn(figures.en.failures, code)

/** Why messages failed, in the reader's language. */
export const useFailureName = (): ((code: string) => string) => {
  const { t } = useTranslation()
  return (code) => (isFailure(code) ? t(`figures.failures.${code}`) : code)
}

/** What a line of the table of rules is about. */
export const useRuleName = (): ((line: Figures['rules'][number]) => string) => {
  const { t } = useTranslation()
  return ({ of, rule }) => {
    if (of === 'monitors') return t('figures.ofMonitors')
    return of === 'others' ? t('figures.others') : (rule?.name ?? t('figures.gone'))
  }
}
