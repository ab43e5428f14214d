import { PasswordInput, Select, Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Edited, inputOf, MASKED, textOf } from './edited.ts'
import { textValue } from './kind.ts'

/** What stands in an empty input: what holds then, else an example. */
const placeholderOf = ({ schema, standard }: Edited): string => {
  const example = schema.examples?.[0]
  return standard ?? (example === undefined ? '' : String(example))
}

export const SecretField = (edited: Edited) => {
  const { schema, value, onChange } = edited
  const { t } = useTranslation()
  return (
    <PasswordInput
      {...inputOf(edited)}
      autoComplete="new-password"
      placeholder={value === MASKED ? t('forms.secretKept') : placeholderOf(edited)}
      value={value === MASKED ? '' : textOf(value)}
      onChange={({ currentTarget }) => onChange(textValue(schema, currentTarget.value))}
    />
  )
}

export const LongField = (edited: Edited) => {
  const { schema, value, onChange } = edited
  return (
    <Textarea
      {...inputOf(edited)}
      placeholder={placeholderOf(edited)}
      autosize
      minRows={2}
      maxRows={12}
      value={textOf(value)}
      onChange={({ currentTarget }) => onChange(textValue(schema, currentTarget.value))}
    />
  )
}

/** A line, or one of the values that are offered for it. */
export const TextField = (edited: Edited) => {
  const { schema, value, onChange, path, choices } = edited
  const shown = textOf(value)
  if (choices?.[path])
    return (
      <Select
        {...inputOf(edited)}
        data={[...new Set([...choices[path], ...(shown === '' ? [] : [shown])])]}
        value={shown === '' ? null : shown}
        onChange={(chosen) => onChange(chosen ?? undefined)}
        searchable
        clearable
      />
    )
  return (
    <TextInput
      {...inputOf(edited)}
      placeholder={placeholderOf(edited)}
      value={shown}
      onChange={({ currentTarget }) => onChange(textValue(schema, currentTarget.value))}
    />
  )
}
