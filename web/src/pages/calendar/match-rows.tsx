import { Button, CloseButton, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { OPERATORS, type Operator } from './types.ts'
import type { MatchRow } from './window-draft.ts'

interface Props {
  readonly rows: readonly MatchRow[]
  readonly onChange: (rows: readonly MatchRow[]) => void
  readonly error?: string | undefined
}

/** Conditions that must all hold. */
export const MatchRows = ({ rows, onChange, error }: Props) => {
  const { t } = useTranslation()
  const set = (at: number, change: Partial<MatchRow>) =>
    onChange(rows.map((row, index) => (index === at ? { ...row, ...change } : row)))
  return (
    <Stack gap="xs">
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is where it stands
        <Group key={index} gap="xs" align="flex-end" wrap="wrap">
          <TextInput
            label={index === 0 ? t('calendar.match.name') : undefined}
            aria-label={t('calendar.match.name')}
            value={row.name}
            onChange={({ currentTarget }) => set(index, { name: currentTarget.value })}
            maxLength={200}
            style={{ flex: '1 1 130px' }}
          />
          <NativeSelect
            label={index === 0 ? t('calendar.match.operator') : undefined}
            aria-label={t('calendar.match.operator')}
            data={OPERATORS.map((value) => ({ value, label: t(`calendar.match.operators.${value}`) }))}
            value={row.operator}
            onChange={({ currentTarget }) => set(index, { operator: currentTarget.value as Operator })}
            style={{ flex: '1 1 150px' }}
          />
          <TextInput
            label={index === 0 ? t('calendar.match.value') : undefined}
            aria-label={t('calendar.match.value')}
            value={row.value}
            onChange={({ currentTarget }) => set(index, { value: currentTarget.value })}
            error={index === rows.length - 1 ? error : undefined}
            maxLength={500}
            style={{ flex: '2 1 160px' }}
          />
          {rows.length > 1 && (
            <CloseButton
              aria-label={t('calendar.match.remove')}
              onClick={() => onChange(rows.filter((_, at) => at !== index))}
            />
          )}
        </Group>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        style={{ alignSelf: 'flex-start' }}
        onClick={() => onChange([...rows, { name: '', operator: '=', value: '' }])}
      >
        {t('calendar.match.add')}
      </Button>
    </Stack>
  )
}
