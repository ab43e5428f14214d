import { Button, Card, FileButton, Group, SimpleGrid, Stack, TagsInput, Text, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type DragEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { api, type Fault } from '../../api/client.ts'
import { useChannels } from '../../api/queries.ts'
import { Icon } from '../../components/icon.tsx'
import { Failure, PageHead } from '../../components/page.tsx'
import { Scroll } from '../../components/scroll.tsx'
import { StateMark } from '../../components/state.tsx'
import { sayDone } from '../../components/toast.tsx'
import { faultText } from '../../i18n/problem-text.ts'
import { firstChannel, NobodyHears } from './nobody-hears.tsx'
import { type ListLine, MOST_LINES, parseLabels, parseList } from './parse-list.ts'

type Outcome =
  | { readonly ok: true; readonly id: number | null; readonly name: string; readonly type: string }
  | (Fault & { readonly ok: false })

const SETTLE_MS = 400
const LARGEST_FILE = 4 * 1024 * 1024

const send = async (lines: readonly ListLine[], more: object, dryRun: boolean): Promise<readonly Outcome[]> => {
  const items = lines.map(({ entry }) => ({ ...entry, ...more }))
  return (await api.post<{ items: readonly Outcome[] }>('/monitors/batch', { items, dry_run: dryRun })).items
}

/** Many monitors from a pasted or dropped list; what each line would make is seen before. */
const ListPage = () => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [, go] = useLocation()
  const { data: channels = [] } = useChannels()
  const [text, setText] = useState('')
  const [labels, setLabels] = useState('')
  const [interval, setInterval] = useState('')
  const [picked, setChosen] = useState<readonly string[]>()
  const chosen = picked ?? firstChannel(channels)
  const lines = useMemo(() => parseList(text, parseLabels(labels)), [text, labels])
  const taken = lines.slice(0, MOST_LINES)
  const more = { ...(interval && { interval }), ...(chosen.length > 0 && { channels: chosen }) }
  const [asked] = useDebouncedValue(JSON.stringify([taken, more]), SETTLE_MS)
  const preview = useQuery({
    queryKey: ['batch', asked],
    queryFn: () => {
      const [some, fields] = JSON.parse(asked) as [readonly ListLine[], object]
      return send(some, fields, true)
    },
    enabled: taken.length > 0 && asked.length > 10,
    placeholderData: (before) => before,
    gcTime: 0,
  })
  const outcomes = preview.data ?? []
  const good = taken.filter((_, index) => outcomes[index]?.ok)
  const bad = taken.filter((_, index) => outcomes[index]?.ok === false)
  const adding = useMutation({
    mutationFn: () => send(good, more, false),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ['monitors'] })
      sayDone(t('monitors.listAdded', { count: made.filter(({ ok }) => ok).length }))
      if (bad.length === 0) return go('/')
      setText(bad.map((line) => line.text).join('\n'))
    },
  })

  const take = async (file: File | null | undefined) => {
    if (file && file.size <= LARGEST_FILE) setText(await file.text())
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    void take(event.dataTransfer.files[0])
  }

  return (
    <>
      <PageHead title={t('monitors.listTitle')} below={<Text className="quiet">{t('monitors.listHint')}</Text>} />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
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
        <Card component="section">
          <Group justify="space-between" mb="xs">
            <Text component="h2" fw={600}>
              {t('monitors.listPreview')}
            </Text>
            <Text size="sm" role="status">
              {outcomes.length > 0 &&
                taken.length > 0 &&
                [
                  t('monitors.listGood', { count: good.length }),
                  bad.length > 0 && t('monitors.listBad', { count: bad.length }),
                ]
                  .filter(Boolean)
                  .join(', ')}
            </Text>
          </Group>
          {lines.length > MOST_LINES && (
            <Text c="var(--state-degraded-text)">{t('monitors.listTooMany', { most: MOST_LINES })}</Text>
          )}
          {preview.error && <Failure error={preview.error} />}
          {adding.error && <Failure error={adding.error} />}
          <Scroll maxHeight={480} label={t('monitors.listPreview')}>
            <table className="plain">
              <tbody>
                {taken.map((line, index) => (
                  <Preview key={line.line} line={line} outcome={outcomes[index]} />
                ))}
              </tbody>
            </table>
          </Scroll>
          <Group justify="flex-end" mt="md">
            <Button
              disabled={good.length === 0 || preview.isFetching}
              loading={adding.isPending}
              leftSection={<Icon name="plus" />}
              onClick={() => adding.mutate()}
            >
              {t('monitors.listAdd', { count: good.length })}
            </Button>
          </Group>
        </Card>
      </SimpleGrid>
    </>
  )
}
export default ListPage

const Preview = ({ line, outcome }: { readonly line: ListLine; readonly outcome: Outcome | undefined }) => {
  const { t } = useTranslation()
  return (
    <tr>
      <td className="quiet number" style={{ whiteSpace: 'nowrap' }}>
        {t('monitors.line', { line: line.line })}
      </td>
      <td className="break">
        {outcome === undefined || outcome.ok ? String(line.entry.name || line.text) : line.text}
        {outcome?.ok === false && (
          <div style={{ color: 'var(--state-down-text)' }}>
            {outcome.path && `${outcome.path}: `}
            {faultText(outcome)}
          </div>
        )}
      </td>
      <td style={{ whiteSpace: 'nowrap' }}>
        {outcome?.ok && (
          <span style={{ display: 'inline-flex', gap: 6, alignItems: 'center' }}>
            <StateMark state="up" /> {outcome.type}
          </span>
        )}
      </td>
    </tr>
  )
}
