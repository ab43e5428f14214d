import { Card, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Facts } from '../../components/facts.tsx'
import { plain } from '../../lib/plain.ts'
import type { AlertDetail } from './timeline.ts'

/** What the details say already. */
const TOLD: ReadonlySet<string> = new Set(['monitor', 'cause', 'since', 'unwatched'])
/** What a cause of the server's own is made of, which stands above in words. */
const MADE_OF: ReadonlySet<string> = new Set(['cause_code', 'cause_facts'])

/** What is known of it beside that. */
export const AlertData = ({ alert }: { readonly alert: AlertDetail }) => {
  const { t } = useTranslation()
  return (
    <Card component="section">
      <Text component="h2" fw={600} mb="xs">
        {t('alerts.facts')}
      </Text>
      <Facts
        facts={Object.entries(alert.data)
          .filter(([name]) => !TOLD.has(name) && !(alert.cause_code !== undefined && MADE_OF.has(name)))
          .map(([name, value]) => [name, plain(value)])}
      />
    </Card>
  )
}
