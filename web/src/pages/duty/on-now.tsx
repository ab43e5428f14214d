import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DutyList, Segment } from './types.ts'
import { momentOf } from './words.ts'

const names = ({ on }: Segment): string => on.map(({ person }) => person).join(', ')

const RED = { color: 'var(--state-down-text)', fontWeight: 600 }

/** Who is on duty by a list now, and who is next. */
export const OnNow = ({ list }: { readonly list: DutyList }) => {
  const { t } = useTranslation()
  const { now, next, zone } = list
  return (
    <Text component="div" className="break">
      {now.on.length === 0 ? (
        <span style={RED}>{t('duty.nobodyOn', { channels: list.fallback.join(', ') })}</span>
      ) : (
        <>
          {t('duty.now')}: <b>{names(now)}</b>{' '}
          {now.on.some(({ why }) => why === 'by_hand') && <span className="quiet">({t('duty.byHand')})</span>}
        </>
      )}{' '}
      {next && <span className="quiet">{t('duty.until', { time: momentOf(now.to, zone) })}</span>}
      {next && (
        <div className="quiet">
          {t('duty.next')}:{' '}
          {next.on.length === 0 ? <span style={RED}>{t('duty.nobody')}</span> : <span>{names(next)}</span>}
        </div>
      )}
    </Text>
  )
}

const SHOWN = 5

/** When nobody is on duty within two weeks. */
export const Gaps = ({ list }: { readonly list: DutyList }) => {
  const { t } = useTranslation()
  const { gaps, zone } = list
  if (gaps.length === 0)
    return (
      <Text size="sm" className="quiet">
        {t('duty.noGaps')}
      </Text>
    )
  const style = list.gaps_are_meant ? undefined : { color: 'var(--state-down-text)' }
  return (
    <Text size="sm" component="div" {...(style && { style })}>
      {list.gaps_are_meant ? t('duty.gapsMeant') : t('duty.gaps')}:{' '}
      {gaps
        .slice(0, SHOWN)
        .map(({ from, to }) => `${momentOf(from, zone)} – ${momentOf(to, zone)}`)
        .join(' · ')}
      {gaps.length > SHOWN && ` ${t('duty.moreGaps', { count: gaps.length - SHOWN })}`}
    </Text>
  )
}
