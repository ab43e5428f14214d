import { Card, Group, SimpleGrid, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { SeverityText } from '../../components/state.tsx'
import { number } from '../../lib/format.ts'
import type { Stats } from './stats.ts'

const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const

/** What was sent, by severity and by rule. */
export const DeliverySums = ({ stats }: { readonly stats: Stats }) => {
  const { t } = useTranslation()
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} mb="md">
      <Card component="section">
        <Text component="h2" fw={600} mb="xs">
          {t('history.bySeverity')}
        </Text>
        <Group>
          {SEVERITIES.map((one) => (
            <span key={one} style={{ display: 'inline-flex', gap: 8 }}>
              <SeverityText severity={one} />{' '}
              <b className="number">{number(stats.by_severity[one.toLowerCase() as 'low'])}</b>
            </span>
          ))}
        </Group>
      </Card>
      {stats.top_rules.length > 0 && (
        <Card component="section">
          <Text component="h2" fw={600} mb="xs">
            {t('history.topRules')}
          </Text>
          {stats.top_rules.map(({ rule_name: name, count }) => (
            <Group key={name} justify="space-between" fz="sm">
              <span className="break">{name}</span>
              <b className="number">{number(count)}</b>
            </Group>
          ))}
        </Card>
      )}
    </SimpleGrid>
  )
}
