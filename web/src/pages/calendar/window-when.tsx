import { Chip, Group, NativeSelect, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './calendar.module.css'
import type { Draft } from './window-draft.ts'
import type { PartProps } from './window-part.ts'
import { weekdayNames } from './words.tsx'

/** When a window is: once, or again and again. */
export const When = ({ draft, set, faults, settled }: PartProps & { readonly settled: boolean }) => {
  const { t } = useTranslation()
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600} component="span">
        {t('calendar.form.when')}
      </Text>
      {!settled && (
        <SegmentedControl
          aria-label={t('calendar.form.when')}
          data={[
            { value: 'once', label: t('calendar.form.once') },
            { value: 'again', label: t('calendar.form.again') },
          ]}
          value={draft.repeats ? 'again' : 'once'}
          onChange={(value) => set({ repeats: value === 'again' })}
        />
      )}
      {draft.repeats ? (
        <Again draft={draft} set={set} faults={faults} />
      ) : (
        <Group align="flex-start" className={classes.fields ?? ''}>
          <TextInput
            type="datetime-local"
            label={t('calendar.from')}
            name="starts_at"
            value={draft.from}
            error={faults.starts_at}
            onChange={({ currentTarget }) => set({ from: currentTarget.value })}
          />
          <TextInput
            type="datetime-local"
            label={t('calendar.until')}
            name="ends_at"
            value={draft.until}
            error={faults.ends_at}
            onChange={({ currentTarget }) => set({ until: currentTarget.value })}
          />
        </Group>
      )}
      <Text size="sm" className="quiet">
        {t('calendar.form.zone', { zone: draft.zone })}
      </Text>
    </Stack>
  )
}

const Again = ({ draft, set, faults }: PartProps) => {
  const { t } = useTranslation()
  const { every } = draft
  return (
    <Stack gap="xs">
      <Group align="flex-start" className={classes.fields ?? ''}>
        <NativeSelect
          label={t('calendar.form.every')}
          data={(['weekly', 'monthly', 'cron'] as const).map((value) => ({
            value,
            label: t(`calendar.form.${value}`),
          }))}
          value={every}
          onChange={({ currentTarget }) => set({ every: currentTarget.value as Draft['every'] })}
        />
        {every === 'monthly' && (
          <TextInput
            type="number"
            min={1}
            max={31}
            label={t('calendar.form.monthDay')}
            value={draft.monthDay}
            error={faults.cron}
            onChange={({ currentTarget }) => set({ monthDay: currentTarget.value })}
          />
        )}
        {every === 'cron' ? (
          <TextInput
            label={t('calendar.form.cron')}
            description={t('calendar.form.cronHint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            name="cron"
            value={draft.cron}
            error={faults.cron}
            onChange={({ currentTarget }) => set({ cron: currentTarget.value })}
          />
        ) : (
          <TextInput
            type="time"
            label={t('calendar.form.at')}
            value={draft.at}
            error={every === 'weekly' ? faults.cron : undefined}
            onChange={({ currentTarget }) => set({ at: currentTarget.value })}
          />
        )}
        <TextInput
          label={t('calendar.form.length')}
          description={t('calendar.form.lengthHint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          name="duration"
          value={draft.length}
          error={faults.duration}
          onChange={({ currentTarget }) => set({ length: currentTarget.value })}
        />
      </Group>
      {every === 'weekly' && (
        <div>
          <Text size="sm" fw={600} mb={4} component="div">
            {t('calendar.form.weekdays')}
          </Text>
          <Chip.Group multiple value={[...draft.weekdays]} onChange={(weekdays) => set({ weekdays })}>
            <div className={classes.weekdays}>
              {weekdayNames().map(([value, name]) => (
                <Chip key={value} value={value} size="xs">
                  {name}
                </Chip>
              ))}
            </div>
          </Chip.Group>
        </div>
      )}
    </Stack>
  )
}
