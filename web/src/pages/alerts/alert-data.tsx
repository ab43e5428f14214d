import { Card } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Facts } from '../../components/facts.tsx'
import { readField } from './data-fields.ts'
import type { AlertDetail } from './timeline.ts'

/** What the details say already. */
const TOLD: ReadonlySet<string> = new Set(['monitor', 'cause', 'since', 'unwatched', 'last_hop', 'path_changed'])
/** What a cause of the server's own is made of, which stands above in words. */
const MADE_OF: ReadonlySet<string> = new Set(['cause_code', 'cause_facts'])

/** What is known of it beside that: of a monitor's folded, of an event open, for there it is all that there is. */
export const AlertData = ({ alert }: { readonly alert: AlertDetail }) => {
  const { t } = useTranslation()
  const fields = Object.entries(alert.data)
    .filter(([name]) => !TOLD.has(name) && !(alert.cause_code !== undefined && MADE_OF.has(name)))
    .map(([name, value]) => readField(name, value, t))
  if (fields.length === 0) return null
  return (
    <Card component="section" my="md">
      <details open={alert.monitor === null}>
        <summary style={{ cursor: 'pointer', fontWeight: 600 }}>{t('alerts.facts')}</summary>
        <div style={{ marginTop: 10 }}>
          <Facts facts={fields} />
        </div>
      </details>
    </Card>
  )
}
