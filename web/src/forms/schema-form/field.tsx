import { Fieldset, Text } from '@mantine/core'
import type { FC } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../api/types.ts'
import { ChoiceField, NumberField, SwitchField, TagsField } from './choice-fields.tsx'
import type { Edited } from './edited.ts'
import { labelled, standardText } from './field-words.ts'
import { JsonField } from './json-field.tsx'
import { flatValue, type Kind, kindOf } from './kind.ts'
import { PairsField } from './pairs-field.tsx'
import { type Faults, SchemaForm, type Values } from './schema-form.tsx'
import { LongField, SecretField, TextField } from './text-fields.tsx'

export interface FieldProps {
  readonly name: string
  readonly schema: Schema
  readonly required: boolean
  readonly value: unknown
  readonly onChange: (value: unknown) => void
  readonly path: string
  readonly faults: Faults
  readonly choices: Readonly<Record<string, readonly string[]>> | undefined
  /** What holds while it is empty, where the schema does not say so. */
  readonly standard: unknown
}

const GroupField = ({ schema, label, hint, value, path, faults, choices, required, onChange }: Edited) => (
  <Fieldset legend={label}>
    {hint && (
      <Text size="xs" className="quiet" mb="xs">
        {hint}
      </Text>
    )}
    <SchemaForm
      schema={schema}
      value={(value as Values | undefined) ?? {}}
      path={path}
      faults={faults}
      choices={choices ?? {}}
      onChange={(next) => onChange(Object.keys(next).length === 0 && !required ? undefined : next)}
    />
  </Fieldset>
)

const FIELDS: Readonly<Record<Kind, FC<Edited>>> = {
  group: GroupField,
  pairs: ({ schema, label, hint, path, faults, value, onChange }) => (
    <PairsField
      {...{ label, hint, path, error: faults[path] }}
      secret={Object.values(schema.patternProperties!)[0]!['x-secret'] ?? false}
      value={value as Values | undefined}
      onChange={onChange}
    />
  ),
  choice: ChoiceField,
  switch: SwitchField,
  number: NumberField,
  tags: TagsField,
  secret: SecretField,
  long: LongField,
  text: TextField,
  json: ({ label, hint, required, path, faults, value, onChange }) => (
    <JsonField {...{ label, hint, required, path, error: faults[path] }} value={value} onChange={onChange} />
  ),
}

/** One property of a schema, by its shape. */
export const Field = ({ name, schema, value: written, standard: given, ...field }: FieldProps) => {
  const { t } = useTranslation()
  const value = flatValue(written)
  const holds = schema.default ?? given
  const standard = holds === undefined ? undefined : t('forms.standard', { value: standardText(holds, t) })
  // A list of lists is no list of texts, though the schema takes both.
  const nested = Array.isArray(value) && value.some((one) => typeof one === 'object')
  const Kinded = FIELDS[nested ? 'json' : kindOf(schema)]
  return <Kinded {...labelled(schema, name)} {...field} {...{ schema, value, holds, standard }} />
}
