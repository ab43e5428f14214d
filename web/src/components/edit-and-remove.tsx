import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'

interface Props {
  readonly onEdit: () => void
  readonly onRemove: () => void
}

/** The two buttons of an entry that people made and may change. */
export const EditAndRemove = ({ onEdit, onRemove }: Props) => {
  const { t } = useTranslation()
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={onEdit}>
        {t('words.edit')}
      </Button>{' '}
      <Button size="compact-sm" variant="default" onClick={onRemove}>
        {t('words.remove')}
      </Button>
    </>
  )
}
