import { VisuallyHidden } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** The head of a table; `actions`: its last column holds buttons, and is named to those alone who do not see them. */
export const Columns = ({
  names,
  actions = false,
}: {
  readonly names: readonly string[]
  readonly actions?: boolean
}) => {
  const { t } = useTranslation()
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th key={name}>{name}</th>
        ))}
        {actions && (
          <th>
            <VisuallyHidden>{t('words.actions')}</VisuallyHidden>
          </th>
        )}
      </tr>
    </thead>
  )
}
