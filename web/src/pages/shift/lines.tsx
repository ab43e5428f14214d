import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import { Moment } from '../../components/time.tsx'
import { useWho } from '../../components/who.ts'
import { useAct } from '../../lib/use-act.ts'
import type { ShiftLine } from './types.ts'

interface Props {
  readonly lines: readonly ShiftLine[]
  readonly empty: string
  /** Where the lines stand beside what they are about. */
  readonly here?: boolean
}

/** Lines of the log, each with who wrote it and when. */
export const Lines = ({ lines, empty, here = false }: Props) => {
  const { t } = useTranslation()
  const may = useMay()
  const who = useWho()
  const { act, busy } = useAct('shift', 'notes')
  if (lines.length === 0)
    return (
      <Text size="sm" className="quiet">
        {empty}
      </Text>
    )
  return lines.map((line) => (
    <Group
      key={line.id}
      justify="space-between"
      align="flex-start"
      wrap="nowrap"
      gap="sm"
      py={6}
      style={{ borderBottom: '1px solid var(--line)' }}
    >
      <div style={{ minWidth: 0 }}>
        <div className="break" style={{ whiteSpace: 'pre-wrap' }}>
          {line.text}
          {line.ticket !== '' && <b> [{line.ticket}]</b>}
        </div>
        <Text size="sm" className="quiet" component="div">
          <Moment at={line.at} /> · {who(line.by)}
          {!here && line.alert !== null && (
            <>
              {' · '}
              <Link href={`/alerts/${line.alert}`}>{t('shift.aboutAlert')}</Link>
            </>
          )}
          {!here && line.monitor !== null && (
            <>
              {' · '}
              <Link href={`/monitors/${line.monitor}`}>{t('shift.aboutMonitor')}</Link>
            </>
          )}
          {line.done_by !== null && ` · ${t('shift.doneBy', { name: who(line.done_by) })}`}
        </Text>
      </div>
      {may && line.pinned && line.done_at === null && (
        <Button
          size="compact-sm"
          variant="default"
          style={{ flexShrink: 0 }}
          loading={busy}
          onClick={() => void act(() => api.post(`/notes/${line.id}/done`))}
        >
          {t('shift.done')}
        </Button>
      )}
    </Group>
  ))
}
