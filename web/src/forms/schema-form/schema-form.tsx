import { Collapse, Stack, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../api/types.ts'
import { Icon } from '../../components/icon.tsx'
import { Field } from './field.tsx'

export type Values = Readonly<Record<string, unknown>>
/** What is wrong, by dotted path. */
export type Faults = Readonly<Record<string, string>>

export interface SchemaFormProps {
  readonly schema: Schema
  readonly value: Values
  readonly onChange: (value: Values) => void
  readonly faults?: Faults
  /** Where this form stands in what is sent: `options`. */
  readonly path?: string
  /** Only these fields, in this order. */
  readonly only?: readonly string[]
  /** Values that a text or a list of texts may be chosen from, by the path of the field. */
  readonly choices?: Readonly<Record<string, readonly string[]>>
  /** What holds for a field that is left empty, where the schema does not say so itself. */
  readonly defaults?: Values | undefined
  /** All fields at once, nothing folded away. */
  readonly flat?: boolean
}

const FEW = 3

const setField = (value: Values, name: string, field: unknown): Values => {
  const { [name]: _, ...rest } = value
  return field === undefined ? rest : { ...rest, [name]: field }
}

/** Fields for every property of a schema: what is needed first, the rest folded away where it is much. */
export const SchemaForm = ({
  schema,
  value,
  onChange,
  faults = {},
  path = '',
  only,
  choices,
  defaults,
  flat,
}: SchemaFormProps) => {
  const { t } = useTranslation()
  const [opened, { toggle }] = useDisclosure(false)
  const folded = useId()
  const names = (only ?? Object.keys(schema.properties ?? {})).filter((name) => schema.properties?.[name])
  const order = (name: string) => schema.properties![name]!['x-order'] ?? 0
  const sorted = only ? names : names.toSorted((a, b) => order(a) - order(b))
  const needed = new Set(schema.required)
  const foremost = sorted.filter((name) => needed.has(name))
  const further = sorted.filter((name) => !needed.has(name))
  const rare = sorted.filter((name) => schema.properties![name]!['x-rare'])
  const many = !only && foremost.length > 0 && further.length > FEW
  const spare = new Set(flat ? [] : rare.length > 0 ? rare : many ? further : [])
  // What somebody fills in further down stays where it is while they type.
  const [filled] = useState(() => new Set(Object.keys(value)))
  const touched = (name: string) => {
    const at = path === '' ? name : `${path}.${name}`
    return filled.has(name) || Object.keys(faults).some((one) => one === at || one.startsWith(`${at}.`))
  }
  const hidden = sorted.filter((name) => spare.has(name) && !touched(name))
  const shown = sorted.filter((name) => !hidden.includes(name))
  const open = spare.size > 0 && rare.length === 0 ? [...foremost, ...shown.filter((name) => !needed.has(name))] : shown

  const field = (name: string) => (
    <Field
      key={name}
      name={name}
      schema={schema.properties![name]!}
      required={needed.has(name)}
      value={value[name]}
      onChange={(next) => onChange(setField(value, name, next))}
      path={path === '' ? name : `${path}.${name}`}
      faults={faults}
      choices={choices}
      standard={defaults?.[name]}
    />
  )

  return (
    <Stack gap="md">
      {open.map(field)}
      {hidden.length > 0 && (
        <>
          <UnstyledButton
            onClick={toggle}
            aria-expanded={opened}
            aria-controls={folded}
            style={{ display: 'inline-flex', alignItems: 'center', gap: 6, fontSize: 14, width: 'fit-content' }}
            c="var(--mantine-color-anchor)"
          >
            <span style={{ display: 'inline-flex', transform: opened ? 'rotate(90deg)' : undefined }}>
              <Icon name="chevron" size={16} />
            </span>
            {t('forms.more')} ({hidden.length})
          </UnstyledButton>
          <Collapse expanded={opened} id={folded}>
            <Stack gap="md">{hidden.map(field)}</Stack>
          </Collapse>
        </>
      )}
    </Stack>
  )
}
