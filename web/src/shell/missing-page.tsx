import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Empty } from '../components/page.tsx'

export const MissingPage = () => {
  const { t } = useTranslation()
  return (
    <Empty
      title={t('shell.errors.page')}
      action={
        <Button component={Link} href="/" variant="default">
          {t('shell.errors.toOverview')}
        </Button>
      }
    />
  )
}
