import { Button, Card } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useMay, useMe } from '../api/queries.ts'
import { Empty } from '../components/page.tsx'

/** A page on which things are changed: whoever only reads is told so before anything is typed. */
export const ForOperators = ({ children }: { readonly children: ReactNode }) => {
  const { t } = useTranslation()
  const { data: me } = useMe()
  const may = useMay()
  if (!me) return null
  if (may) return children
  return (
    <Card>
      <Empty
        title={t('shell.errors.readsOnly')}
        action={
          <Button component={Link} href="/" variant="default">
            {t('shell.errors.toOverview')}
          </Button>
        }
      >
        {t('shell.errors.readsOnlyHint')}
      </Empty>
    </Card>
  )
}
