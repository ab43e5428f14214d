import { Card, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useMonitors } from '../api/queries.ts'
import { countsOf, type Dependant, dependantsOf } from '../lib/dependants.ts'
import { StateMark, shownState } from './state.tsx'

/** More in one place are counted, not drawn. */
const SHOWN = 50
/** A tree of at most so many is open from the start. */
const SMALL = 25

/** The map of an outage: from a monitor down to all that is reached through it. Nothing where nobody depends on it. */
export const Dependants = ({ of: name }: { readonly of: string }) => {
  const { t } = useTranslation()
  const { data: monitors = [] } = useMonitors()
  const tree = useMemo(() => dependantsOf(name, monitors), [name, monitors])
  if (tree.length === 0) return null
  const { size, silent } = countsOf(tree)
  return (
    <Card component="section" mb="md">
      <Text component="h2" fw={600}>
        {t('alerts.affected')}
      </Text>
      <Text size="sm" className="quiet" mb="xs">
        {t('standing.size', { count: size })}, {t('standing.silent', { count: silent })}. {t('alerts.affectedHint')}
      </Text>
      <Branch dependants={tree} open={size <= SMALL} />
    </Card>
  )
}

const Branch = ({ dependants, open }: { readonly dependants: readonly Dependant[]; readonly open: boolean }) => {
  const { t } = useTranslation()
  return (
    <ul style={{ listStyle: 'none', margin: 0, paddingLeft: 18, borderLeft: '1px solid var(--line)', fontSize: 14 }}>
      {dependants.slice(0, SHOWN).map((dependant) => (
        <Node key={dependant.monitor.id} dependant={dependant} open={open} />
      ))}
      {dependants.length > SHOWN && (
        <li className="quiet">{t('alerts.moreBelow', { count: dependants.length - SHOWN })}</li>
      )}
    </ul>
  )
}

/** One monitor; what is below a large one is drawn when somebody opens it. */
const Node = ({ dependant, open }: { readonly dependant: Dependant; readonly open: boolean }) => {
  const { t } = useTranslation()
  const [shown, setShown] = useState(open)
  const { monitor, below, size, silent } = dependant
  return (
    <li style={{ padding: '3px 0' }}>
      <span style={{ display: 'inline-flex', flexWrap: 'wrap', columnGap: 8, alignItems: 'center' }}>
        <StateMark state={shownState(monitor)} />
        <Link href={`/monitors/${monitor.id}`} className="plain break">
          {monitor.name}
        </Link>
        <span className="quiet">{t(`words.${shownState(monitor)}`)}</span>
      </span>
      {below.length > 0 && (
        <details open={shown} onToggle={({ currentTarget }) => setShown(currentTarget.open)}>
          <summary className="quiet" style={{ cursor: 'pointer', paddingLeft: 3 }}>
            {t('standing.size', { count: size })}, {t('standing.silent', { count: silent })}
          </summary>
          {shown && <Branch dependants={below} open={open} />}
        </details>
      )}
    </li>
  )
}
