import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  readonly label: string
  readonly hint: string | undefined
  readonly required: boolean
  readonly path: string
  readonly error: string | undefined
  readonly value: unknown
  readonly onChange: (value: unknown) => void
}

/** The last resort for a shape that no other field fits. What cannot be read stays, and is said. */
export const JsonField = ({ label, hint, required, path, error, value, onChange }: Props) => {
  const { t } = useTranslation()
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)))
  const [bad, setBad] = useState(false)
  const change = (typed: string) => {
    setText(typed)
    if (typed.trim() === '') {
      setBad(false)
      return onChange(undefined)
    }
    try {
      onChange(JSON.parse(typed))
      setBad(false)
    } catch {
      setBad(true)
    }
  }
  return (
    <Textarea
      label={label}
      description={hint}
      required={required}
      name={path}
      error={bad ? t('forms.badJson') : error}
      autosize
      minRows={2}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      value={text}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  )
}
