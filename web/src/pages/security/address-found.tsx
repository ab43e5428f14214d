import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useKindName } from '../../components/kind.ts'
import { SeverityText } from '../../components/state.tsx'
import { Ago, Moment } from '../../components/time.tsx'
import { percent } from '../../lib/format.ts'
import { Often } from './often.tsx'
import { Section } from './section.tsx'
import classes from './security.module.css'
import type { KnownAddress } from './types.ts'

type Kind = KnownAddress['kinds'][number]

const KindLine = ({ kind, top }: { readonly kind: Kind; readonly top: number }) => {
  const { t } = useTranslation()
  const kindName = useKindName()
  return (
    <li>
      <span className={classes.weight}>
        <SeverityText severity={kind.severity} />
      </span>
      <span className={classes.what}>
        <span className="break">{kindName(kind.kind)}</span>
        {!kind.about && <span className="quiet"> ({t('addresses.asTarget')})</span>}
        {top > 1 && <span className={classes.bar} style={{ width: `${(kind.count / top) * 100}%` }} />}
      </span>
      <span className={`quiet ${classes.when}`}>
        <Often count={kind.count} at={kind.last_at} />
      </span>
    </li>
  )
}

/** What events say of it, by kind; what a classifier thinks; and what was put together. */
export const Found = ({ known }: { readonly known: KnownAddress }) => {
  const { t } = useTranslation()
  const kindName = useKindName()
  const { kinds, predictions, correlations } = known
  if (kinds.length === 0) return null
  const top = Math.max(...kinds.map(({ count }) => count))
  return (
    <Section title={t('addresses.found')}>
      <ul className={classes.list}>
        {kinds.map((kind) => (
          <KindLine key={`${kind.about} ${kind.kind}`} kind={kind} top={top} />
        ))}
      </ul>
      {predictions.count > 0 && (
        <>
          <h3 className={classes.sub}>{t('addresses.predictions')}</h3>
          <ul className={classes.list}>
            {predictions.items.slice(0, 5).map(({ event, at, severity, confidence, reason }) => (
              <li key={event}>
                <span className={classes.weight}>
                  <SeverityText severity={severity} />
                </span>
                <span className={classes.what}>
                  <Link href={`/events/${event}`}>
                    {confidence === null ? (
                      <Moment at={at} />
                    ) : (
                      t('addresses.confidence', { percent: percent(confidence) })
                    )}
                  </Link>
                  {reason && <div className="quiet break">{reason.slice(0, 300)}</div>}
                </span>
                <span className={`quiet ${classes.when}`}>
                  <Ago at={at} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {correlations.count > 0 && (
        <>
          <h3 className={classes.sub}>{t('addresses.stories')}</h3>
          <ul className={classes.list}>
            {correlations.items.slice(0, 5).map(({ event, at, severity, kinds: members }) => (
              <li key={event}>
                <span className={classes.weight}>
                  <SeverityText severity={severity} />
                </span>
                <span className={classes.what}>
                  <Link href={`/events/${event}`} className="break">
                    {members.map(kindName).join(' → ')}
                  </Link>
                </span>
                <span className={`quiet ${classes.when}`}>
                  <Ago at={at} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  )
}
