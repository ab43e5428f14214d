import { Button, Group, MultiSelect, SimpleGrid, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../components/icon.tsx'
import classes from './duty.module.css'
import { DAYS, type Day, type Shift } from './types.ts'
import { dayNames } from './words.ts'

interface Props {
  readonly shift: Shift
  readonly number: number
  readonly people: readonly string[]
  /** What is wrong with one of its fields. */
  readonly fault: (field: string) => string | undefined
  readonly onChange: (shift: Shift) => void
  readonly onRemove: () => void
}

/** One part of the week, and who is on duty in it. */
export const ShiftFields = ({ shift, number, people, fault, onChange, onRemove }: Props) => {
  const { t } = useTranslation()
  const labels = [...dayNames(), t('duty.holiday')]
  const set = (changes: Partial<Shift>) => onChange({ ...shift, ...changes })
  return (
    <section className={classes.shift}>
      <Group justify="space-between" mb={6}>
        <Text component="h3" size="sm" fw={600}>
          {t('duty.shift', { number })}
        </Text>
        <Button size="compact-sm" variant="default" leftSection={<Icon name="trash" size={14} />} onClick={onRemove}>
          {t('words.remove')}
        </Button>
      </Group>
      <MultiSelect
        label={t('duty.people')}
        data={[...people]}
        value={[...shift.people]}
        error={fault('people')}
        onChange={(chosen) => set({ people: chosen })}
        searchable
      />
      <SimpleGrid cols={2} mt="xs">
        <TextInput
          type="time"
          label={t('duty.begin')}
          value={shift.from}
          error={fault('from')}
          onChange={({ currentTarget }) => set({ from: currentTarget.value })}
        />
        <TextInput
          type="time"
          label={t('duty.end')}
          value={shift.to}
          error={fault('to')}
          onChange={({ currentTarget }) => set({ to: currentTarget.value })}
        />
      </SimpleGrid>
      <Text size="xs" className="quiet" mt={4}>
        {t('duty.endHint')}
      </Text>
      <MultiSelect
        mt="xs"
        label={t('duty.days')}
        placeholder={shift.days?.length ? '' : t('duty.everyDay')}
        data={DAYS.map((day, index) => ({ value: day, label: labels[index]! }))}
        value={[...(shift.days ?? [])]}
        onChange={(chosen) => {
          const { days: _, ...rest } = shift
          onChange(chosen.length === 0 ? rest : { ...rest, days: DAYS.filter((day) => chosen.includes(day)) as Day[] })
        }}
      />
      {shift.people.length > 1 && (
        <TextInput
          mt="xs"
          type="date"
          label={t('duty.turns')}
          description={t('duty.turnsHint')}
          value={shift.turns_since ?? ''}
          error={fault('turns_since')}
          onChange={({ currentTarget: { value } }) => {
            const { turns_since: _, ...rest } = shift
            onChange(value === '' ? rest : { ...rest, turns_since: value })
          }}
        />
      )}
    </section>
  )
}
