import { Button, Card, Group, Modal, MultiSelect, SimpleGrid, Stack, Text, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { allOf } from '../../api/all-of.ts'
import { api } from '../../api/client.ts'
import { useChannels, useMay } from '../../api/queries.ts'
import { ExportButton } from '../../components/export-button.tsx'
import { Loaded, PageHead } from '../../components/page.tsx'
import { SeverityText } from '../../components/state.tsx'
import { Ago } from '../../components/time.tsx'
import { useWho } from '../../components/who.ts'
import { addTexts } from '../../i18n/index.ts'
import { shift as texts } from '../../i18n/texts/shift.ts'
import { absolute, number } from '../../lib/format.ts'
import { useAct } from '../../lib/use-act.ts'
import { DutyNow } from '../duty/duty-now.tsx'
import { Section } from '../settings/section.tsx'
import { Lines } from './lines.tsx'
import type { Shift, ShiftAlerts, ShiftLine } from './types.ts'
import { WriteLine } from './write-line.tsx'

addTexts('shift', texts)

const REFRESH_MS = 30_000

/** What the shift that runs has to know and to hand over. */
const ShiftPage = () => {
  const { t } = useTranslation()
  const may = useMay()
  const [opened, { open, close }] = useDisclosure()
  const shift = useQuery({
    queryKey: ['shift'],
    queryFn: () => api.get<Shift>('/shift'),
    refetchInterval: REFRESH_MS,
  })
  return (
    <>
      <PageHead
        title={t('shift.title')}
        below={shift.data && <Handover shift={shift.data} />}
        actions={
          <>
            <Button component="a" href="/wall" target="_blank" variant="default">
              {t('shift.wall')}
            </Button>
            {may && (
              <Button variant="default" onClick={open}>
                {t('shift.handOver')}
              </Button>
            )}
          </>
        }
      />
      <Loaded query={shift} lines={8}>
        {(data) => (
          <>
            <SimpleGrid cols={{ base: 1, md: 3 }} mb="md">
              <Alerts title={t('shift.open')} alerts={data.open} />
              <Alerts title={t('shift.opened')} alerts={data.opened} />
              <Alerts title={t('shift.closed')} alerts={data.closed} />
            </SimpleGrid>
            <DutyNow />
            <Section title={t('shift.pinned')} hint={t('shift.pinnedHint')}>
              <Lines lines={data.pinned} empty={t('shift.noPinned')} />
            </Section>
            <Section title={t('shift.lines')}>
              <Stack>
                {may && <WriteLine about={{}} />}
                <div>
                  <Lines lines={data.lines} empty={t('shift.noLines')} />
                </div>
                <ExportLines />
              </Stack>
            </Section>
          </>
        )}
      </Loaded>
      <Modal opened={opened} onClose={close} title={t('shift.handOver')}>
        {opened && <HandOver close={close} />}
      </Modal>
    </>
  )
}
export default ShiftPage

/** The whole log, as far back as it goes. */
const ExportLines = () => {
  const { t } = useTranslation()
  const who = useWho()
  const rows = async () => {
    const { stamp } = await import('../../lib/save-csv.ts')
    return (await allOf<ShiftLine>('/notes')).map(({ at, by, text, ticket, alert, monitor, done_at, done_by }) => [
      stamp(at),
      who(by),
      text,
      ticket,
      alert,
      monitor,
      stamp(done_at),
      done_by && who(done_by),
    ])
  }
  const head = [
    t('words.when'),
    t('words.who'),
    t('words.what'),
    t('shift.ticket'),
    t('shift.aboutAlert'),
    t('shift.aboutMonitor'),
    t('words.done'),
    t('words.who'),
  ]
  return (
    <Group justify="flex-end">
      <ExportButton name={t('shift.title')} head={head} rows={rows} />
    </Group>
  )
}

/** Who handed the shift over, and who has it. */
const Handover = ({ shift: { since, handover } }: { readonly shift: Shift }) => {
  const { t } = useTranslation()
  const may = useMay()
  const who = useWho()
  const { act, busy } = useAct('shift')
  if (!handover)
    return (
      <Text size="sm" className="quiet">
        {t('shift.since', { time: absolute(since) })}
      </Text>
    )
  const sign = () => act(() => api.post(`/shift/handover/${handover.id}/sign`), t('shift.signed'))
  return (
    <Text size="sm" className="quiet break" component="div">
      {t('shift.sinceHandover', { name: who(handover.by), time: absolute(handover.at) })} ·{' '}
      {handover.done_by === null ? t('shift.notSigned') : t('shift.signedBy', { name: who(handover.done_by) })}
      {handover.text !== '' && <div style={{ whiteSpace: 'pre-wrap' }}>“{handover.text}”</div>}
      {may && handover.done_by === null && (
        <Button size="xs" mt={6} loading={busy} onClick={() => void sign()}>
          {t('shift.sign')}
        </Button>
      )}
    </Text>
  )
}

const Alerts = ({ title, alerts }: { readonly title: string; readonly alerts: ShiftAlerts }) => {
  const { t } = useTranslation()
  const who = useWho()
  return (
    <Card component="section">
      <Text component="h2" fw={600} mb="xs">
        {title} · {number(alerts.count)}
        {alerts.more ? '+' : ''}
        {alerts.cut_off ? ` · ${t('shift.cutOff', { total: number(alerts.cut_off) })}` : ''}
      </Text>
      {alerts.count === 0 && (
        <Text size="sm" className="quiet">
          {t('shift.none')}
        </Text>
      )}
      <div style={{ maxHeight: 320, overflowY: 'auto' }}>
        {alerts.items.map((alert) => (
          <div key={alert.id} style={{ padding: '4px 0', borderBottom: '1px solid var(--line)' }}>
            <Link href={`/alerts/${alert.id}`} className="plain break">
              {alert.subject}
            </Link>
            <Text size="sm" className="quiet" component="div">
              <SeverityText severity={alert.severity} /> · <Ago at={alert.ended ?? alert.since} />
              {alert.by !== null && ` · ${t('shift.takenBy', { name: who(alert.by) })}`}
            </Text>
          </div>
        ))}
        {alerts.count > alerts.items.length && (
          <Text size="sm" className="quiet">
            {t('shift.more')}
          </Text>
        )}
      </div>
    </Card>
  )
}

const HandOver = ({ close }: { readonly close: () => void }) => {
  const { t } = useTranslation()
  const { data: channels = [] } = useChannels()
  const { act, busy } = useAct('shift', 'uses')
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<string[]>([])
  const handOver = async () => {
    if (await act(() => api.post('/shift/handover', { text, channels: chosen }), t('shift.handedOver'))) close()
  }
  return (
    <Stack>
      <Text size="sm" className="quiet">
        {t('shift.handOverHint')}
      </Text>
      <Textarea
        label={t('shift.word')}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        maxLength={2000}
        autosize
        minRows={2}
        data-autofocus
      />
      <MultiSelect
        label={t('shift.channels')}
        data={channels.map(({ name }) => name)}
        value={chosen}
        onChange={setChosen}
        searchable
      />
      <Button loading={busy} onClick={() => void handOver()}>
        {t('shift.handOver')}
      </Button>
    </Stack>
  )
}
