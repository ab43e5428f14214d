import { Card, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useMay, useMe } from '../../api/queries.ts'
import { Empty, PageHead } from '../../components/page.tsx'
import { addTexts } from '../../i18n/index.ts'
import { bring as texts } from '../../i18n/texts/bring.ts'
import { ChooseFiles } from './choose-files.tsx'
import { ShownUpload } from './shown-plan.tsx'
import { TablesCard } from './tables-card.tsx'
import { useBring } from './use-bring.ts'

addTexts('bring', texts)

/** What another tool watches is brought along: files are sent, what they would do is shown, and somebody says yes. */
const BringPage = () => {
  const { t } = useTranslation()
  const { data: me } = useMe()
  const may = useMay('administrator')
  const { answer, sending, send, ...bringing } = useBring()
  if (!me) return null
  return (
    <>
      <PageHead title={t('bring.title')} below={<Text className="quiet">{t('bring.hint')}</Text>} />
      {!may && (
        <Card>
          <Empty title={t('bring.administrators')} />
        </Card>
      )}
      {may && !answer && (
        <ChooseFiles send={(files) => send.mutate(files)} busy={send.isPending} sending={sending} error={send.error} />
      )}
      {may && !answer && <TablesCard />}
      {may && answer && <ShownUpload answer={answer} {...bringing} />}
    </>
  )
}
export default BringPage
