import { Autocomplete, Fieldset, Select, Switch, Text, Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Severity } from '../../api/types.ts'
import { EVENT_TYPES } from '../events/event-types.ts'
import { ConditionBuilder } from './condition-builder.tsx'
import { Part, type PartProps } from './part.tsx'
import { RateFields } from './rate-fields.tsx'

const SEVERITIES: readonly Severity[] = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']

interface WhichProps extends PartProps {
  /** Names of fields that events of the type were seen with. */
  readonly fields: readonly string[]
}

/** Which events the rule is about. */
export const WhichEvents = ({ draft, set, faults, fields }: WhichProps) => {
  const { t } = useTranslation()
  return (
    <Part title={t('rules.which')}>
      <TextInput
        label={t('words.name')}
        name="name"
        required
        value={draft.name}
        error={faults.name}
        onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        maxLength={200}
      />
      <Autocomplete
        label={t('rules.type')}
        description={t('rules.typeHint')}
        name="type"
        required
        data={[...EVENT_TYPES]}
        value={draft.type}
        error={faults.type}
        onChange={(type) => set({ type })}
      />
      <Select
        label={t('rules.minimum')}
        data={[
          { value: '', label: t('rules.anySeverity') },
          ...SEVERITIES.map((value) => ({ value, label: t(`words.${value}`) })),
        ]}
        value={draft.severity ?? ''}
        onChange={(value) => set({ severity: value ? (value as Severity) : null })}
        allowDeselect={false}
      />
      <Conditions {...{ draft, set, fields }} />
      <RateFields {...{ draft, set, fields, faults }} />
      <Textarea
        label={t('words.description')}
        value={draft.description}
        onChange={({ currentTarget }) => set({ description: currentTarget.value })}
        maxLength={2000}
        autosize
      />
      <Switch
        label={t('rules.enabled')}
        checked={draft.enabled}
        onChange={({ currentTarget }) => set({ enabled: currentTarget.checked })}
      />
    </Part>
  )
}

const Conditions = ({ draft, set, fields }: Omit<WhichProps, 'faults'>) => {
  const { t } = useTranslation()
  return (
    <Fieldset legend={t('rules.conditions')}>
      <Text size="sm" className="quiet" mb="xs">
        {t(typeof draft.conditions === 'string' ? 'rules.badConditions' : 'rules.conditionsHint')}
      </Text>
      {typeof draft.conditions === 'string' ? (
        <Textarea
          aria-label={t('rules.conditions')}
          autosize
          minRows={4}
          value={draft.conditions}
          onChange={({ currentTarget }) => set({ conditions: currentTarget.value })}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
      ) : (
        <ConditionBuilder root={draft.conditions} onChange={(conditions) => set({ conditions })} fields={fields} />
      )}
    </Fieldset>
  )
}
