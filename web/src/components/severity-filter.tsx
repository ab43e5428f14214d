import { Select } from '@mantine/core'
import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'

const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const

interface Props {
  /** Empty: of any severity. */
  readonly value: string
  readonly onChange: (severity: string) => void
  readonly style: CSSProperties
}

/** Narrows a list to one severity. */
export const SeverityFilter = ({ value, onChange, style }: Props) => {
  const { t } = useTranslation()
  return (
    <Select
      aria-label={t('words.severity')}
      style={style}
      data={[
        { value: '', label: t('words.severity') },
        ...SEVERITIES.map((severity) => ({ value: severity, label: t(`words.${severity}`) })),
      ]}
      value={value}
      onChange={(severity) => onChange(severity ?? '')}
      allowDeselect={false}
    />
  )
}
