import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon } from './icon.tsx'

interface Props {
  readonly value: string
  readonly onChange: (text: string) => void
  /** What can be looked for. */
  readonly placeholder: string
  /** The width at which it would rather stand in a line of its own, px. */
  readonly basis: number
}

/** Narrows a list to what holds a text. */
export const SearchInput = ({ value, onChange, placeholder, basis }: Props) => {
  const { t } = useTranslation()
  return (
    <TextInput
      type="search"
      leftSection={<Icon name="search" size={16} />}
      placeholder={placeholder}
      aria-label={t('words.filter')}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      style={{ flex: `1 1 ${basis}px`, maxWidth: 320 }}
    />
  )
}
