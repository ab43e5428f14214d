import { Checkbox, Group, MultiSelect, NativeSelect, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useChannels } from '../../api/queries.ts'
import { faultAt, type PartProps } from './window-part.ts'

const AHEAD = ['1h', '4h', '1d', '2d', '7d'] as const

/** Whom a window is told to, and when. */
export const Telling = ({ draft, set, faults }: PartProps) => {
  const { t } = useTranslation()
  const { data: channels = [] } = useChannels()
  const chosen = draft.channels.length > 0
  return (
    <Stack gap="xs">
      <MultiSelect
        label={t('calendar.form.tell')}
        description={chosen ? undefined : t('calendar.form.tellHint')}
        placeholder={chosen ? '' : t('calendar.form.channels')}
        name="tell"
        data={channels.map(({ name }) => name)}
        value={[...draft.channels]}
        onChange={(names) => set({ channels: names })}
        error={faultAt(faults, 'tell')}
        searchable
      />
      {chosen && (
        <Group align="flex-end">
          <NativeSelect
            label={t('calendar.form.ahead')}
            data={[
              { value: '', label: t('calendar.form.notAhead') },
              ...[...new Set([...AHEAD, draft.ahead])].filter(Boolean).map((value) => ({ value, label: value })),
            ]}
            value={draft.ahead}
            onChange={({ currentTarget }) => set({ ahead: currentTarget.value })}
          />
          <Checkbox
            label={t('calendar.form.begin')}
            checked={draft.begin}
            onChange={({ currentTarget }) => set({ begin: currentTarget.checked })}
            mb={8}
          />
          <Checkbox
            label={t('calendar.form.end')}
            checked={draft.end}
            onChange={({ currentTarget }) => set({ end: currentTarget.checked })}
            mb={8}
          />
        </Group>
      )}
    </Stack>
  )
}
