import { Card, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useMonitors } from '../api/queries.ts'
import { type Dependant, dependantsOf } from '../lib/dependants.ts'
import { StateMark, shownState } from './state.tsx'

/** More in one place are counted, not drawn. */
const SHOWN = 50

/** The map of an outage: from a monitor down to all that is reached through it. Nothing where nobody depends on it. */
export const Dependants = ({ of: name }: { readonly of: string }) => {
  const { t } = useTranslation()
  const { data: monitors = [] } = useMonitors()
  const tree = dependantsOf(name, monitors)
  if (tree.length === 0) return null
  return (
    <Card component="section" mb="md">
      <Text component="h2" fw={600}>
        {t('alerts.affected')}
      </Text>
      <Text size="sm" className="quiet" mb="xs">
        {t('alerts.affectedHint')}
      </Text>
      <Branch dependants={tree} />
    </Card>
  )
}

const Branch = ({ dependants }: { readonly dependants: readonly Dependant[] }) => {
  const { t } = useTranslation()
  return (
    <ul style={{ listStyle: 'none', margin: 0, paddingLeft: 18, borderLeft: '1px solid var(--line)', fontSize: 14 }}>
      {dependants.slice(0, SHOWN).map(({ monitor, cutOff, below }) => (
        <li key={monitor.id} style={{ padding: '3px 0' }}>
          <span style={{ display: 'inline-flex', gap: 8, alignItems: 'center' }}>
            <StateMark state={shownState(monitor)} />
            <Link href={`/monitors/${monitor.id}`} className="plain break">
              {monitor.name}
            </Link>
            <span className="quiet">{cutOff ? t('alerts.cutOff') : t(`words.${shownState(monitor)}`)}</span>
          </span>
          {below.length > 0 && <Branch dependants={below} />}
        </li>
      ))}
      {dependants.length > SHOWN && (
        <li className="quiet">{t('alerts.moreBelow', { count: dependants.length - SHOWN })}</li>
      )}
    </ul>
  )
}
