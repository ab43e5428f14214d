import { Button, Card, FileButton, Group, Stack, Text, Textarea } from '@mantine/core'
import { type ChangeEvent, type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../components/page.tsx'
import classes from './bring.module.css'
import type { ChosenFile } from './use-bring.ts'

const chosenOf = (files: readonly File[]): readonly ChosenFile[] =>
  files.map((file) => ({ name: file.webkitRelativePath || file.name, body: file }))

const pastedOf = (text: string): readonly ChosenFile[] => {
  const name = /[;\t]|,.*,/.test(text.split('\n', 1)[0] ?? '') ? 'list.csv' : 'list.txt'
  return [{ name, body: new Blob([text]) }]
}

interface Props {
  readonly send: (files: readonly ChosenFile[]) => void
  readonly busy: boolean
  readonly sending: string | undefined
  readonly error: unknown
}

/** What is brought along: files, a folder, or what somebody pastes. */
export const ChooseFiles = ({ send, busy, sending, error }: Props) => {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [over, setOver] = useState(false)
  const folder = useRef<HTMLInputElement>(null)
  const take = (files: readonly File[]) => {
    const chosen = chosenOf(files.filter(({ size }) => size > 0))
    if (chosen.length > 0 && !busy) send(chosen)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take([...event.dataTransfer.files])
  }
  return (
    <Card component="section">
      <Stack>
        {error !== null && error !== undefined && <Failure error={error} />}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons in it do the same */}
        <div
          className={classes.drop}
          data-over={over || undefined}
          onDrop={drop}
          onDragOver={(event) => {
            event.preventDefault()
            setOver(true)
          }}
          onDragLeave={() => setOver(false)}
        >
          <Text fw={600}>{t('bring.drop')}</Text>
          <Text size="sm" className="quiet" maw={560}>
            {t('bring.dropHint')}
          </Text>
          <Group justify="center" gap="xs" mt="xs">
            <FileButton multiple onChange={take}>
              {(props) => (
                <Button {...props} loading={busy}>
                  {t('bring.choose')}
                </Button>
              )}
            </FileButton>
            <Button variant="default" disabled={busy} onClick={() => folder.current?.click()}>
              {t('bring.chooseFolder')}
            </Button>
            <input
              ref={folder}
              type="file"
              hidden
              // @ts-expect-error every browser knows it, the types do not
              webkitdirectory=""
              onChange={({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
                take([...(currentTarget.files ?? [])])
                currentTarget.value = ''
              }}
            />
          </Group>
          <Text size="sm" role="status" mih={20}>
            {busy && (sending === undefined ? t('bring.reading') : t('bring.sending', { name: sending }))}
          </Text>
        </div>
        <Textarea
          label={t('bring.paste')}
          name="list"
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          rows={6}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
          placeholder={'core-1  10.0.0.1\n10.0.0.2  router-2\nhttps://www.isp.example'}
        />
        <Group justify="flex-end">
          <Button
            variant="default"
            disabled={text.trim() === '' || busy}
            onClick={() => send(pastedOf(`${text.trimEnd()}\n`))}
          >
            {t('bring.read')}
          </Button>
        </Group>
      </Stack>
    </Card>
  )
}
