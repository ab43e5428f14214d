import { useTranslation } from 'react-i18next'
import { useSight } from '../api/queries.ts'
import { Icon } from '../components/icon.tsx'
import { clockTime, dayTime, timeZone } from '../lib/format.ts'
import { useSignal } from '../lib/signal.ts'
import classes from './shell.module.css'

const DAY_MS = 86_400_000

/** On every page, while this server does not see the network: what is shown is of before, and is no outage. */
export const SightBanner = () => {
  const { t } = useTranslation()
  const { data: sight } = useSight()
  useSignal(timeZone)
  if (!sight?.blind && !sight?.resolver) return null
  const { blind, resolver, unknown } = sight
  const since = blind?.since ?? resolver?.since ?? null
  const time = since !== null && Date.now() - Date.parse(since) < DAY_MS ? clockTime(since) : dayTime(since)
  return (
    <div className={classes.banner} role="alert">
      <Icon name="alert" size={20} />
      <span className="break">
        <b>{t(blind ? 'standing.blind' : 'standing.resolver', { time })}</b>{' '}
        {blind
          ? t('standing.blindHint', { count: unknown })
          : t('standing.resolverHint', { count: unknown, servers: resolver?.servers ?? '' })}
      </span>
    </div>
  )
}
