import { ActionIcon, Button, Group, Input, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../components/icon.tsx'
import { MASKED } from './edited.ts'
import type { Values } from './schema-form.tsx'

interface Props {
  readonly label: string
  readonly hint: string | undefined
  readonly path: string
  readonly error: string | undefined
  readonly secret: boolean
  readonly value: Values | undefined
  readonly onChange: (value: unknown) => void
}

/** So many rows are drawn at once; thousands would hold up the browser for half a minute. */
const SHOWN = 50

type Pair = readonly [name: string, value: string]

const pairsOf = (value: Values | undefined): readonly Pair[] =>
  Object.entries(value ?? {}).map(([name, one]) => [name, String(one)])

/** Names with values: labels, headers. Rows are kept as they are typed, so that a name may be empty for a moment. */
export const PairsField = ({ label, hint, path, error, secret, value, onChange }: Props) => {
  const { t } = useTranslation()
  const [rows, setRows] = useState(() => pairsOf(value))
  const [shown, setShown] = useState(SHOWN)
  // What somebody adds stands at the end, and is in sight all the same.
  const [given, setGiven] = useState(rows.length)
  const hidden = Math.max(0, given - shown)
  const change = (next: readonly Pair[]) => {
    setRows(next)
    const named = next.filter(([name]) => name !== '')
    onChange(named.length === 0 ? undefined : Object.fromEntries(named))
  }
  const replace = (index: number, pair: Pair) => change(rows.map((row, at) => (at === index ? pair : row)))
  return (
    <Input.Wrapper label={label} description={hint} error={error} labelElement="div">
      <Stack gap={6} mt={6}>
        {rows.map(([name, one], index) =>
          index >= shown && index < given ? null : (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity while their names are typed
            <Group key={index} gap={6} wrap="nowrap">
              <TextInput
                aria-label={`${label}: ${t('forms.key')}`}
                placeholder={t('forms.key')}
                name={`${path}.${index}.name`}
                value={name}
                onChange={({ currentTarget }) => replace(index, [currentTarget.value.trim(), one])}
                style={{ flex: 1 }}
              />
              <TextInput
                aria-label={`${label}: ${name || t('forms.value')}`}
                placeholder={secret && one === MASKED ? t('forms.secretKept') : t('forms.value')}
                name={`${path}.${index}.value`}
                value={secret && one === MASKED ? '' : one}
                onChange={({ currentTarget }) => replace(index, [name, currentTarget.value])}
                style={{ flex: 2 }}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`${t('words.remove')} ${name}`}
                onClick={() => {
                  change(rows.filter((_, at) => at !== index))
                  if (index < given) setGiven(given - 1)
                }}
              >
                <Icon name="cross" size={16} />
              </ActionIcon>
            </Group>
          ),
        )}
        {hidden > 0 && (
          <Button size="xs" variant="subtle" w="fit-content" onClick={() => setShown(shown + SHOWN)}>
            {t('forms.hiddenPairs', { count: hidden })}
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          w="fit-content"
          leftSection={<Icon name="plus" size={14} />}
          onClick={() => change([...rows, ['', '']])}
        >
          {t('forms.addPair')}
        </Button>
      </Stack>
    </Input.Wrapper>
  )
}
