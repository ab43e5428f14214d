import { useTranslation } from 'react-i18next'
import { AddressLink } from '../../components/address-link.tsx'
import { Columns } from '../../components/columns.tsx'
import { useKindName } from '../../components/kind.ts'
import { Loaded } from '../../components/page.tsx'
import { SeverityText } from '../../components/state.tsx'
import { Ago } from '../../components/time.tsx'
import { Wide } from '../../components/wide.tsx'
import { addTexts } from '../../i18n/index.ts'
import { addresses } from '../../i18n/texts/addresses.ts'
import { dayTime, number } from '../../lib/format.ts'
import { countryName } from './country-name.ts'
import { LookUp } from './look-up.tsx'
import { Section } from './section.tsx'
import classes from './security.module.css'
import type { Seen } from './types.ts'
import { useMostSeen } from './use-address.ts'

addTexts('addresses', addresses)

/** Who was seen most in the last day, those with open alerts first. */
export const MostSeen = () => {
  const { t } = useTranslation()
  const seen = useMostSeen()
  return (
    <Section title={t('addresses.mostSeen')} action={<LookUp />}>
      <Loaded query={seen}>
        {({ items, complete, looked_back_to: since }) => (
          <>
            <div className="quiet" style={{ fontSize: 14, marginBottom: 8 }}>
              {t('addresses.mostSeenHint')} {!complete && t('addresses.notAll', { time: dayTime(since) })}
            </div>
            {items.length === 0 ? (
              <span className="quiet">{t('addresses.noneSeen')}</span>
            ) : (
              <SeenTable items={items} />
            )}
          </>
        )}
      </Loaded>
    </Section>
  )
}

const SeenTable = ({ items }: { readonly items: readonly Seen[] }) => {
  const { t } = useTranslation()
  const kindName = useKindName()
  return (
    <Wide>
      <table className="plain stack">
        <Columns
          names={[
            t('addresses.address'),
            t('words.severity'),
            t('addresses.openAlerts'),
            t('addresses.events'),
            t('addresses.kinds'),
            t('addresses.last'),
          ]}
        />
        <tbody>
          {items.map((one) => (
            <tr key={one.address}>
              <td className="break" style={{ minWidth: 150 }}>
                <AddressLink text={one.address} />{' '}
                {one.banned && <span className={classes.banned}>{t('addresses.banned')}</span>}
                {(one.country || one.owner) && (
                  <div className="quiet" style={{ fontSize: 13 }}>
                    {[one.country && countryName(one.country), one.owner?.slice(0, 80)].filter(Boolean).join(' · ')}
                  </div>
                )}
              </td>
              <td>
                <SeverityText severity={one.severity} />
              </td>
              <td className="number">
                {one.open_alerts > 0 && (
                  <>
                    <span className={`quiet ${classes.label}`}>{t('addresses.openAlerts')}</span>{' '}
                    {number(one.open_alerts)}
                  </>
                )}
              </td>
              <td className="number">
                <span className={`quiet ${classes.label}`}>{t('addresses.events')}</span> {number(one.events)}
              </td>
              <td className="break quiet all">{one.kinds.map(kindName).join(', ')}</td>
              <td className="quiet">
                <Ago at={one.last_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}
