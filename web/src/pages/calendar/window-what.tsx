import { Checkbox, Group, MultiSelect, SegmentedControl, Select, Stack, TagsInput, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useMonitors } from '../../api/queries.ts'
import { MatchRows } from './match-rows.tsx'
import type { Draft } from './window-draft.ts'
import { faultAt, type PartProps } from './window-part.ts'

const LISTED = 100

/** Which monitors a window is about: by name, by a label, or by what they match. */
export const What = ({ draft, set, faults }: PartProps) => {
  const { t } = useTranslation()
  const { data: monitors = [] } = useMonitors()
  const labels = [...new Set(monitors.flatMap((monitor) => Object.keys(monitor.labels ?? {})))].toSorted()
  const values = [...new Set(monitors.flatMap((monitor) => monitor.labels?.[draft.label] ?? []))].toSorted()
  const fault = faultAt(faults, 'matchers')
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600} component="span">
        {t('calendar.form.what')}
      </Text>
      <SegmentedControl
        aria-label={t('calendar.form.what')}
        data={[
          { value: 'monitor', label: t('calendar.form.byMonitor') },
          { value: 'label', label: t('calendar.form.byLabel') },
          { value: 'match', label: t('calendar.form.byMatch') },
        ]}
        value={draft.by}
        onChange={(by) => set({ by: by as Draft['by'] })}
      />
      {draft.by === 'monitor' && (
        <MultiSelect
          aria-label={t('calendar.form.monitors')}
          placeholder={draft.monitors.length === 0 ? t('calendar.form.monitors') : ''}
          name="matchers"
          data={[...new Set([...monitors.map(({ name }) => name), ...draft.monitors])]}
          value={[...draft.monitors]}
          onChange={(chosen) => set({ monitors: chosen })}
          searchable
          limit={LISTED}
          error={fault}
        />
      )}
      {draft.by === 'label' && (
        <Group grow align="flex-start">
          <Select
            label={t('calendar.form.label')}
            data={draft.label && !labels.includes(draft.label) ? [draft.label, ...labels] : labels}
            value={draft.label || null}
            onChange={(label) => set({ label: label ?? '', values: [] })}
            searchable
            limit={LISTED}
            error={fault}
          />
          <TagsInput
            label={t('calendar.form.values')}
            data={values}
            value={[...draft.values]}
            onChange={(chosen) => set({ values: chosen })}
            limit={LISTED}
            acceptValueOnBlur
          />
        </Group>
      )}
      {draft.by === 'match' && <MatchRows rows={draft.rows} onChange={(rows) => set({ rows })} error={fault} />}
      <Checkbox
        label={t('calendar.form.behind')}
        description={t('calendar.form.behindHint')}
        checked={draft.behind}
        onChange={({ currentTarget }) => set({ behind: currentTarget.checked })}
      />
    </Stack>
  )
}
