import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AddressLink } from '../../components/address-link.tsx'
import { Loaded } from '../../components/page.tsx'
import { SeverityText } from '../../components/state.tsx'
import { Often } from './often.tsx'
import { Section } from './section.tsx'
import classes from './security.module.css'
import type { KnownAddress } from './types.ts'
import { useNeighbours } from './use-address.ts'

interface Props {
  readonly known: KnownAddress
  readonly days: number
}

/** Who else does what it does; looked for when somebody asks, for it takes a look through all events of the time. */
export const WhoElse = ({ known, days }: Props) => {
  const { t } = useTranslation()
  const [wanted, setWanted] = useState(false)
  const neighbours = useNeighbours(known.address, days, wanted)
  return (
    <Section
      title={t('addresses.whoElse')}
      action={
        !wanted && (
          <Button size="xs" variant="default" onClick={() => setWanted(true)}>
            {t('addresses.find')}
          </Button>
        )
      }
    >
      {!wanted ? (
        <span className="quiet">{t('addresses.whoElseHint', { network: known.network })}</span>
      ) : (
        <Loaded query={neighbours}>
          {({ items }) =>
            items.length === 0 ? (
              <span className="quiet">{t('addresses.noneElse')}</span>
            ) : (
              <ul className={classes.list}>
                {items.map(({ address, why, events, severity, last_at, banned, country, owner }) => (
                  <li key={address}>
                    <span className={classes.weight}>
                      <SeverityText severity={severity} />
                    </span>
                    <span className={`${classes.what} break`}>
                      <AddressLink text={address} />{' '}
                      {banned && <span className={classes.banned}>{t('addresses.banned')}</span>}
                      <div className="quiet">
                        {why.map((one) => t(`addresses.why.${one}`)).join(', ')}
                        {[country, owner].some(Boolean) &&
                          ` · ${[country, owner?.slice(0, 60)].filter(Boolean).join(' ')}`}
                      </div>
                    </span>
                    <span className={`quiet ${classes.when}`}>
                      <Often count={events} at={last_at} />
                    </span>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      )}
    </Section>
  )
}
