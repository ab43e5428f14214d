import { Badge, Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import { confirm } from '../../components/confirm.tsx'
import { EditAndRemove } from '../../components/edit-and-remove.tsx'
import { ExportButton } from '../../components/export-button.tsx'
import { useAct } from '../../lib/use-act.ts'
import { Section } from '../settings/section.tsx'
import { Gaps, OnNow } from './on-now.tsx'
import type { DutyList } from './types.ts'
import { WeekTable } from './week-table.tsx'
import { momentOf, stampIn } from './words.ts'

interface Props {
  readonly list: DutyList
  readonly onTake: () => void
  readonly onEdit: () => void
}

/** One list: who is on duty now and next, where there are gaps, and its week. */
export const ListSection = ({ list, onTake, onEdit }: Props) => {
  const { t } = useTranslation()
  const may = useMay()
  const { act } = useAct('duty', 'uses')
  const labels = Object.entries(list.match).map(([name, value]) => `${name}=${value}`)
  const hint = [
    ...(labels.length > 0 ? [t('duty.forLabels', { labels: labels.join(', ') })] : []),
    t('duty.zone', { zone: list.zone }),
    t('duty.fallbackIs', { channels: list.fallback.join(', ') || t('duty.noChannel') }),
  ].join(' · ')
  const remove = async () => {
    if (await confirm(list.name, t('duty.removeHint'), t('words.remove')))
      await act(() => api.delete(`/duty/lists/${encodeURIComponent(list.name)}`), t('duty.removed'))
  }
  return (
    <Section
      title={list.name}
      hint={hint}
      actions={
        <Group gap="xs">
          {list.origin !== null && (
            <Badge variant="light" color="gray" title={list.origin}>
              {t('duty.fromFile')}
            </Badge>
          )}
          <ExportButton
            name={list.name}
            head={[t('duty.begin'), t('duty.end'), t('duty.people'), t('duty.timeZone')]}
            rows={async () =>
              list.week.map(({ from, to, on }) => [
                stampIn(from, list.zone),
                stampIn(to, list.zone),
                on.map(({ person }) => person).join(', '),
                list.zone,
              ])
            }
          />
          {may && (
            <Button size="compact-sm" onClick={onTake}>
              {t('duty.iAmOn')}
            </Button>
          )}
          {may && list.origin === null && <EditAndRemove onEdit={onEdit} onRemove={() => void remove()} />}
        </Group>
      }
    >
      <OnNow list={list} />
      {list.takeovers.map(({ id, person, until }) => (
        <Group key={id} gap="xs" mt={4}>
          <Text size="sm">
            {t('duty.byHand')}: {person}, {t('duty.until', { time: momentOf(until, list.zone) })}
          </Text>
          {may && (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => void act(() => api.delete(`/duty/takeovers/${id}`), t('duty.ended'))}
            >
              {t('duty.endTakeover')}
            </Button>
          )}
        </Group>
      ))}
      <div style={{ margin: '8px 0' }}>
        <Gaps list={list} />
      </div>
      <WeekTable list={list} />
    </Section>
  )
}
