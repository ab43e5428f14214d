import { MultiSelect, NumberInput, Select, Switch, TagsInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Edited, inputOf, textOf } from './edited.ts'
import { choiceLabel } from './field-words.ts'
import { choicesOf, tagsOf, tagsValue } from './kind.ts'

const MOST_OFFERED = 20

export const ChoiceField = (edited: Edited) => {
  const { schema, value, onChange, required } = edited
  const { t } = useTranslation()
  const choices = choicesOf(schema)!
  return (
    <Select
      {...inputOf(edited)}
      data={choices.filter((one) => one !== null).map((one) => ({ value: String(one), label: choiceLabel(one, t) }))}
      value={value === undefined ? null : textOf(value)}
      onChange={(chosen) => onChange(choices.find((one) => String(one) === chosen))}
      clearable={!required}
    />
  )
}

export const SwitchField = ({ label, hint, path, faults, value, holds, onChange }: Edited) => (
  <Switch
    label={label}
    description={hint}
    error={faults[path]}
    checked={value === undefined ? holds === true : value === true}
    onChange={({ currentTarget }) => onChange(currentTarget.checked)}
  />
)

export const NumberField = (edited: Edited) => {
  const { schema, value, onChange } = edited
  return (
    <NumberInput
      {...inputOf(edited)}
      {...(schema.minimum !== undefined && { min: schema.minimum })}
      {...(schema.maximum !== undefined && { max: schema.maximum })}
      allowDecimal={schema.type === 'number'}
      clampBehavior="none"
      value={typeof value === 'number' ? value : ''}
      onChange={(typed) => onChange(typed === '' ? undefined : Number(typed))}
    />
  )
}

/** A list of texts. */
export const TagsField = (edited: Edited) => {
  const { schema, value, onChange, path, choices, standard } = edited
  const { t } = useTranslation()
  const offered = choices?.[path] ?? []
  const chosen = tagsOf(value)
  // Only what there is can be chosen; what is gone meanwhile can be taken out.
  if (offered.length > 0)
    return (
      <MultiSelect
        {...inputOf(edited)}
        data={[...new Set([...offered, ...chosen])]}
        placeholder={chosen.length > 0 ? undefined : (standard ?? t('forms.choose'))}
        value={chosen}
        onChange={(tags) => onChange(tagsValue(schema, tags))}
        limit={MOST_OFFERED}
        searchable
      />
    )
  return (
    <TagsInput
      {...inputOf(edited)}
      data={[...((schema.items?.enum as string[] | undefined) ?? [])]}
      placeholder={standard ?? t('forms.list')}
      value={chosen}
      onChange={(tags) => onChange(tagsValue(schema, tags))}
      acceptValueOnBlur
      limit={MOST_OFFERED}
      splitChars={[]}
    />
  )
}
