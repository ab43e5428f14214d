import { useTranslation } from 'react-i18next'
import { AddressLink } from '../../components/address-link.tsx'
import { Columns } from '../../components/columns.tsx'
import { useKindName } from '../../components/kind.ts'
import { Loaded } from '../../components/page.tsx'
import { SeverityText } from '../../components/state.tsx'
import { Wide } from '../../components/wide.tsx'
import { addTexts } from '../../i18n/index.ts'
import { addresses } from '../../i18n/texts/addresses.ts'
import { dayTime, number } from '../../lib/format.ts'
import { Section } from './section.tsx'
import classes from './security.module.css'
import type { RankedList } from './types.ts'
import { useRanked } from './use-address.ts'

addTexts('addresses', addresses)

const SHOWN = 4

/** Who should be looked at by what was found in the last day, and why. */
export const ToLookAt = () => {
  const { t } = useTranslation()
  const ranked = useRanked()
  return (
    <Section title={t('addresses.toLookAt')}>
      <Loaded query={ranked}>
        {({ items, complete, looked_back_to: since }) => (
          <>
            <div className="quiet" style={{ fontSize: 14, marginBottom: 8 }}>
              {t('addresses.toLookAtHint')} {!complete && t('addresses.notAll', { time: dayTime(since) })}
            </div>
            {items.length === 0 ? (
              <span className="quiet">{t('addresses.nobody')}</span>
            ) : (
              <RankedTable items={items} />
            )}
          </>
        )}
      </Loaded>
    </Section>
  )
}

const RankedTable = ({ items }: Pick<RankedList, 'items'>) => {
  const { t } = useTranslation()
  return (
    <Wide>
      <table className="plain stack">
        <Columns names={[t('addresses.address'), t('addresses.points'), t('addresses.reasons')]} />
        <tbody>
          {items.map(({ address, score, own, reasons }) => (
            <tr key={address}>
              <td className="break" style={{ minWidth: 150 }}>
                <AddressLink text={address} />
                {!own && (
                  <div className="quiet" style={{ fontSize: 13 }}>
                    {t('addresses.stranger')}
                  </div>
                )}
              </td>
              <td className="number">
                <span className={`quiet ${classes.label}`}>{t('addresses.points')}</span> {number(score)}
              </td>
              <td className="all">
                {reasons.slice(0, SHOWN).map((one) => (
                  <Reason key={one.kind} one={one} />
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}

const Reason = ({ one }: { readonly one: RankedList['items'][number]['reasons'][number] }) => {
  const { t } = useTranslation()
  const kindName = useKindName()
  return (
    <div className="break">
      <SeverityText severity={one.severity} /> {kindName(one.kind)}: {one.reason}
      {one.events > 1 && <span className="quiet"> · {t('addresses.times', { count: one.events })}</span>}
    </div>
  )
}
