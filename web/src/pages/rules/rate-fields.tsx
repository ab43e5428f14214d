import { Autocomplete, Group, NumberInput, Switch, TagsInput, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PartProps } from './part.tsx'

interface RateProps extends PartProps {
  /** Names of fields that events of the type were seen with. */
  readonly fields: readonly string[]
}

/** How many events within what time the rule asks for. */
export const RateFields = ({ draft: { rate }, set, fields, faults }: RateProps) => {
  const { t } = useTranslation()
  return (
    <div>
      <Switch
        label={t('rules.rate')}
        description={t('rules.rateHint')}
        checked={rate !== null}
        onChange={({ currentTarget }) =>
          set({ rate: currentTarget.checked ? { atLeast: 5, within: '10m', distinct: '', by: [] } : null })
        }
      />
      {rate && (
        <Group mt="xs" grow align="flex-start">
          <NumberInput
            label={t('rules.atLeast')}
            min={1}
            max={1000}
            value={rate.atLeast}
            error={faults['rate.at_least']}
            onChange={(value) => set({ rate: { ...rate, atLeast: Number(value) } })}
          />
          <TextInput
            label={t('rules.within')}
            name="rate.within"
            value={rate.within}
            error={faults['rate.within']}
            onChange={({ currentTarget }) => set({ rate: { ...rate, within: currentTarget.value.trim() } })}
          />
          <Autocomplete
            label={t('rules.distinct')}
            data={[...fields]}
            value={rate.distinct}
            onChange={(distinct) => set({ rate: { ...rate, distinct } })}
          />
          <TagsInput
            label={t('rules.by')}
            data={[...fields]}
            value={[...rate.by]}
            onChange={(by) => set({ rate: { ...rate, by } })}
            acceptValueOnBlur
          />
        </Group>
      )}
    </div>
  )
}
