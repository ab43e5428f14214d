import {
  Fieldset,
  NumberInput,
  PasswordInput,
  Select,
  Switch,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../api/types.ts'
import { wordsOf } from '../../i18n/words-of.ts'
import { JsonField } from './json-field.tsx'
import { choicesOf, flatValue, kindOf, tagsOf, tagsValue, textValue } from './kind.ts'
import { PairsField } from './pairs-field.tsx'
import { type Faults, SchemaForm, type Values } from './schema-form.tsx'

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

const MOST_OFFERED = 20

/** Stands for a secret that is stored and not shown; sent back it means unchanged. */
export const MASKED = '***'

/** `retry_interval` as people read it, where a schema has no title. */
const plainName = (name: string): string => {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** A title with its description; where there is no title, the description is the title. */
const labelled = (schema: Schema, name: string) => {
  const { title, description } = wordsOf(schema)
  return {
    label: title ?? description ?? plainName(name),
    hint: title && description && description !== title ? description : undefined,
  }
}

export const Field = ({
  name,
  schema,
  required,
  value: written,
  onChange,
  path,
  faults,
  choices,
  standard: given,
}: FieldProps) => {
  const { t } = useTranslation()
  const { label, hint } = labelled(schema, name)
  const value = flatValue(written)
  const holds = schema.default ?? given
  const standard = holds === undefined ? undefined : standardText(holds, t)
  const common = {
    label,
    description: hint,
    required,
    error: faults[path],
    name: path,
    ...(standard !== undefined && { placeholder: t('forms.standard', { value: standard }) }),
  }
  const example = schema.examples?.[0]
  const placeholder = common.placeholder ?? (example === undefined ? undefined : String(example))
  const text = (typed: string) => onChange(textValue(schema, typed))
  const shown = value === undefined || value === null ? '' : String(value)

  // A list of lists is no list of texts, though the schema takes both.
  const nested = Array.isArray(value) && value.some((one) => typeof one === 'object')
  switch (nested ? 'json' : kindOf(schema)) {
    case 'group':
      return (
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
    case 'pairs':
      return (
        <PairsField
          {...{ label, hint, path, error: faults[path] }}
          secret={Object.values(schema.patternProperties!)[0]!['x-secret'] ?? false}
          value={value as Values | undefined}
          onChange={onChange}
        />
      )
    case 'choice':
      return (
        <Select
          {...common}
          data={choicesOf(schema)!
            .filter((one) => one !== null)
            .map((one) => ({ value: String(one), label: choiceLabel(one, t) }))}
          value={value === undefined ? null : shown}
          onChange={(chosen) => onChange(choicesOf(schema)!.find((one) => String(one) === chosen))}
          clearable={!required}
        />
      )
    case 'switch':
      return (
        <Switch
          label={label}
          description={hint}
          error={faults[path]}
          checked={value === undefined ? holds === true : value === true}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      )
    case 'number':
      return (
        <NumberInput
          {...common}
          {...(schema.minimum !== undefined && { min: schema.minimum })}
          {...(schema.maximum !== undefined && { max: schema.maximum })}
          allowDecimal={schema.type === 'number'}
          clampBehavior="none"
          value={typeof value === 'number' ? value : ''}
          onChange={(typed) => onChange(typed === '' ? undefined : Number(typed))}
        />
      )
    case 'tags':
      return (
        <TagsInput
          {...common}
          data={[...(choices?.[path] ?? (schema.items?.enum as string[] | undefined) ?? [])]}
          placeholder={common.placeholder ?? t('forms.list')}
          value={tagsOf(value)}
          onChange={(tags) => onChange(tagsValue(schema, tags))}
          acceptValueOnBlur
          limit={MOST_OFFERED}
          splitChars={[]}
        />
      )
    case 'secret':
      return (
        <PasswordInput
          {...common}
          autoComplete="new-password"
          placeholder={value === MASKED ? t('forms.secretKept') : (placeholder ?? '')}
          value={value === MASKED ? '' : shown}
          onChange={({ currentTarget }) => text(currentTarget.value)}
        />
      )
    case 'long':
      return (
        <Textarea
          {...common}
          placeholder={placeholder ?? ''}
          autosize
          minRows={2}
          maxRows={12}
          value={shown}
          onChange={({ currentTarget }) => text(currentTarget.value)}
        />
      )
    case 'text':
      if (choices?.[path])
        return (
          <Select
            {...common}
            data={[...new Set([...choices[path], ...(shown === '' ? [] : [shown])])]}
            value={shown === '' ? null : shown}
            onChange={(chosen) => onChange(chosen ?? undefined)}
            searchable
            clearable
          />
        )
      return (
        <TextInput
          {...common}
          placeholder={placeholder ?? ''}
          value={shown}
          onChange={({ currentTarget }) => text(currentTarget.value)}
        />
      )
    case 'json':
      return <JsonField {...{ label, hint, required, path, error: faults[path] }} value={value} onChange={onChange} />
  }
}

const standardText = (value: unknown, t: TFunction): string =>
  Array.isArray(value) ? value.join(', ') : choiceLabel(value, t)

const SEVERITIES: readonly unknown[] = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']

/** Severities are words of ours; other values are the type's own. */
const choiceLabel = (value: unknown, t: TFunction): string =>
  SEVERITIES.includes(value) ? t(`words.${value as 'LOW'}`) : String(value)
