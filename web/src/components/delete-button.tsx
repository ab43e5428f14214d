import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon } from './icon.tsx'

/** Deletes what a form shows; whoever is asked to asks first. */
export const DeleteButton = ({ remove }: { readonly remove: () => unknown }) => {
  const { t } = useTranslation()
  return (
    <Button
      variant="default"
      c="var(--state-down-text)"
      leftSection={<Icon name="trash" />}
      onClick={() => void remove()}
    >
      {t('words.delete')}
    </Button>
  )
}
