import { Button, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import { confirm } from '../../components/confirm.tsx'
import { useWho } from '../../components/who.ts'
import { useAct } from '../../lib/use-act.ts'
import { WindowPreview } from './preview.tsx'
import type { CalendarEntry } from './types.ts'
import { matchersText, spanText } from './words.tsx'

interface Props {
  readonly entry: CalendarEntry
  readonly zone: string
  readonly close: () => void
  readonly onEdit: (entry: CalendarEntry) => void
}

/** One window of the calendar: what it covers, and what can be done about it. */
export const EntryDialog = ({ entry, zone, close, onEdit }: Props) => {
  const { t } = useTranslation()
  const may = useMay()
  const who = useWho()
  const { act, busy } = useAct('maintenance', 'alerts', 'uses')
  const running = entry.status === 'active'
  const end = async () => {
    const [title, hint] = running
      ? ([t('calendar.endNow'), t('calendar.endNowHint')] as const)
      : ([t('calendar.takeBack'), t('calendar.takeBackHint')] as const)
    if (!(await confirm(entry.name, hint, title))) return
    if (await act(() => api.delete(`/maintenance/${entry.id}`), t('calendar.ended'))) close()
  }
  const editable = entry.origin === null && entry.status !== 'over'
  return (
    <Stack>
      <Text>
        {spanText(entry.starts_at, entry.ends_at, zone)} · {t(`calendar.status.${entry.status}`)}
      </Text>
      {entry.note && (
        <Text className="break" style={{ whiteSpace: 'pre-wrap' }}>
          {entry.note}
        </Text>
      )}
      <Text size="sm" className="quiet break">
        {matchersText(entry.matchers)}
        {entry.behind ? ` · ${t('calendar.form.behind')}` : ''}
      </Text>
      <WindowPreview body={{ matchers: entry.matchers, behind: entry.behind, time_zone: zone }} />
      <Text size="sm" className="quiet">
        {entry.origin === null
          ? t('calendar.plannedBy', { name: who(entry.created_by) })
          : `${t('calendar.origin', { origin: entry.origin })}. ${t('calendar.file')}`}
      </Text>
      {may && (
        <Group justify="flex-end">
          {entry.id !== null && entry.status !== 'over' && (
            <Button variant="default" loading={busy} onClick={() => void end()}>
              {running ? t('calendar.endNow') : t('calendar.takeBack')}
            </Button>
          )}
          {editable && (
            <Button onClick={() => onEdit(entry)}>
              {entry.recurring ? t('calendar.editSeries') : t('calendar.editOne')}
            </Button>
          )}
        </Group>
      )}
    </Stack>
  )
}
