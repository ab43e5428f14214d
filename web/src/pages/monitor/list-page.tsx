import { Button, Card, FileButton, SimpleGrid, Stack, TagsInput, Text, Textarea, TextInput } from '@mantine/core'
import type { DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { PageHead } from '../../components/page.tsx'
import { ListPreview } from './list-preview.tsx'
import { NobodyHears } from './nobody-hears.tsx'
import { useList, type WrittenList } from './use-list.ts'

const LARGEST_FILE = 4 * 1024 * 1024

/** Many monitors from a pasted or dropped list; what each line would make is seen before. */
const ListPage = () => {
  const { t } = useTranslation()
  const { written, seen } = useList()
  return (
    <>
      <PageHead title={t('monitors.listTitle')} below={<Text className="quiet">{t('monitors.listHint')}</Text>} />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <ListForm {...written} />
        <ListPreview {...seen} />
      </SimpleGrid>
    </>
  )
}
export default ListPage

const ListForm = (list: WrittenList) => {
  const { text, setText, labels, setLabels, interval, setInterval, channels, chosen, setChosen } = list
  const { t } = useTranslation()
  const take = async (file: File | null | undefined) => {
    if (file && file.size <= LARGEST_FILE) setText(await file.text())
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    void take(event.dataTransfer.files[0])
  }
  return (
    <Card component="section">
      <Stack>
        <Textarea
          label={t('monitors.listDrop')}
          name="list"
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          onDrop={drop}
          onDragOver={(event) => event.preventDefault()}
          rows={14}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
          placeholder={'10.0.0.1\nrouter-2, icmp://10.0.0.2\nhttps://example.com\ntcp://db.example:5432'}
        />
        <FileButton onChange={(file) => void take(file)} accept=".csv,.txt,text/*">
          {(props) => (
            <Button {...props} variant="default" w="fit-content">
              {t('monitors.listChoose')}
            </Button>
          )}
        </FileButton>
        <TextInput
          label={t('monitors.listLabels')}
          description={t('monitors.listLabelsHint')}
          value={labels}
          onChange={({ currentTarget }) => setLabels(currentTarget.value)}
        />
        <TextInput
          label={t('monitors.interval')}
          placeholder="30s"
          value={interval}
          onChange={({ currentTarget }) => setInterval(currentTarget.value.trim())}
          w={140}
        />
        <TagsInput
          label={t('words.channels')}
          data={channels.map(({ name }) => name)}
          value={[...chosen]}
          onChange={setChosen}
        />
        <NobodyHears chosen={chosen} />
      </Stack>
    </Card>
  )
}
