import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { AddressLink } from '../../components/address-link.tsx'
import { Often } from './often.tsx'
import { Section } from './section.tsx'
import classes from './security.module.css'
import type { KnownAddress, Target } from './types.ts'

/** Ports of one host, or one jail, with what came to them together. */
interface Place {
  readonly key: string
  readonly host: string | null
  readonly jail: string | null
  readonly monitor: Target['monitor']
  readonly ports: readonly number[]
  readonly count: number
  readonly last: string
}

const SHOWN_PORTS = 12

const placesOf = (targets: readonly Target[]): readonly Place[] =>
  [...Map.groupBy(targets, ({ host, jail }) => `${host} ${jail}`)].map(([key, members]) => ({
    key,
    host: members[0]!.host,
    jail: members[0]!.jail,
    monitor: members[0]!.monitor,
    ports: [...new Set(members.flatMap(({ port }) => port ?? []))].sort((a, b) => a - b),
    count: members.reduce((sum, { count }) => sum + count, 0),
    last: members
      .map(({ last_at }) => last_at)
      .sort()
      .at(-1)!,
  }))

const PlaceName = ({ place }: { readonly place: Place }) => {
  const { t } = useTranslation()
  const { host, jail, monitor } = place
  if (monitor)
    return (
      <>
        <Link href={`/monitors/${monitor.id}`}>{monitor.name}</Link>
        {host !== monitor.name && <span className="quiet"> {host}</span>}
      </>
    )
  if (host !== null) return <AddressLink text={host} />
  if (jail === null) return <span className="quiet">{t('addresses.anyHost')}</span>
  return (
    <>
      <span className="quiet">{t('addresses.jail')}</span> {jail}
    </>
  )
}

/** What it touched, as far as events say; and who called it. */
export const Targets = ({ known }: { readonly known: KnownAddress }) => {
  const { t } = useTranslation()
  const { targets, touched_by: callers, events } = known
  if (events === 0) return null
  const places = placesOf(targets)
  return (
    <Section title={t('addresses.targets')}>
      {places.length === 0 && <span className="quiet">{t('addresses.noTargets')}</span>}
      <ul className={classes.list}>
        {places.map((place) => (
          <li key={place.key}>
            <span className={`${classes.what} break`}>
              <PlaceName place={place} />
              {place.host !== null && place.jail !== null && <span className="quiet"> · {place.jail}</span>}
              {place.ports.length > 0 && (
                <div className="quiet">
                  {t('places.ports')}: {place.ports.slice(0, SHOWN_PORTS).join(', ')}
                  {place.ports.length > SHOWN_PORTS && ` +${place.ports.length - SHOWN_PORTS}`}
                </div>
              )}
            </span>
            <span className={`quiet ${classes.when}`}>
              <Often count={place.count} at={place.last} />
            </span>
          </li>
        ))}
      </ul>
      {callers.length > 0 && (
        <>
          <h3 className={classes.sub}>{t('addresses.touchedBy')}</h3>
          <ul className={classes.list}>
            {callers.map(({ address, monitor, count, last_at }) => (
              <li key={address}>
                <span className={`${classes.what} break`}>
                  <AddressLink text={address} />
                  {monitor && (
                    <>
                      {' '}
                      <Link href={`/monitors/${monitor.id}`}>{monitor.name}</Link>
                    </>
                  )}
                </span>
                <span className={`quiet ${classes.when}`}>
                  <Often count={count} at={last_at} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  )
}
