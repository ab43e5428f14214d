import { Button, Group, Modal, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useChannels, useMay } from '../../api/queries.ts'
import { Icon } from '../../components/icon.tsx'
import { Empty, Loaded, PageHead } from '../../components/page.tsx'
import { localText } from '../calendar/zone-time.ts'
import { IAmOn } from './i-am-on.tsx'
import { ListForm } from './list-form.tsx'
import { ListSection } from './list-section.tsx'
import { PeopleSection } from './people-section.tsx'
import { PersonForm } from './person-form.tsx'
import type { Duty, DutyList, Person } from './types.ts'
import { useDuty } from './use-duty.ts'
import { dayOf, daysLater } from './words.ts'

/** What is open above the page. */
type Dialog =
  | { readonly kind: 'person'; readonly person?: Person }
  | { readonly kind: 'list'; readonly list?: DutyList }
  | { readonly kind: 'take'; readonly list: DutyList }

/** The type whose channels pass messages on, and reach nobody by themselves. */
const PASSES_ON = 'duty'

/** Who is on duty, by which list, this week and others. */
const DutyPage = () => {
  const { t } = useTranslation()
  const may = useMay()
  const [from, setFrom] = useState<string>()
  const [dialog, setDialog] = useState<Dialog>()
  const duty = useDuty(from)
  return (
    <>
      <PageHead
        title={t('duty.title')}
        below={
          <Text size="sm" className="quiet">
            {t('duty.hint')}
          </Text>
        }
        actions={may && <Adding open={setDialog} />}
      />
      <Loaded query={duty} lines={8}>
        {(data) => (
          <>
            {data.lists.length === 0 ? (
              <Empty title={t('duty.none')}>{t('duty.noneHint')}</Empty>
            ) : (
              <Week list={data.lists[0]!} from={from} setFrom={setFrom} />
            )}
            {data.lists.map((list) => (
              <ListSection
                key={list.name}
                list={list}
                onTake={() => setDialog({ kind: 'take', list })}
                onEdit={() => setDialog({ kind: 'list', list })}
              />
            ))}
            <PeopleSection people={data.people} onEdit={(person) => setDialog({ kind: 'person', person })} />
            <Dialogs duty={data} dialog={dialog} close={() => setDialog(undefined)} />
          </>
        )}
      </Loaded>
    </>
  )
}
export default DutyPage

const Adding = ({ open }: { readonly open: (dialog: Dialog) => void }) => {
  const { t } = useTranslation()
  const { data: channels = [] } = useChannels()
  return (
    <>
      <Button variant="default" leftSection={<Icon name="user" size={16} />} onClick={() => open({ kind: 'person' })}>
        {t('duty.addPerson')}
      </Button>
      <Button variant="default" leftSection={<Icon name="plus" size={16} />} onClick={() => open({ kind: 'list' })}>
        {t('duty.addList')}
      </Button>
      {!channels.some(({ type }) => type === PASSES_ON) && (
        <Button component={Link} href="/alerts/channels/new?type=duty" variant="default">
          {t('duty.addChannel')}
        </Button>
      )}
    </>
  )
}

interface WeekProps {
  readonly list: DutyList
  readonly from: string | undefined
  readonly setFrom: (from: string | undefined) => void
}

const Week = ({ list, from, setFrom }: WeekProps) => {
  const { t } = useTranslation()
  const first = list.days[0]!
  const date = localText(first, list.zone).slice(0, 10)
  return (
    <Group gap="xs" mb="sm">
      <Text>{t('duty.week', { day: dayOf(first, list.zone) })}</Text>
      <Button size="compact-sm" variant="default" onClick={() => setFrom(daysLater(date, -7))}>
        {t('duty.earlier')}
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => setFrom(daysLater(date, 7))}>
        {t('duty.later')}
      </Button>
      {from !== undefined && (
        <Button size="compact-sm" variant="default" onClick={() => setFrom(undefined)}>
          {t('duty.today')}
        </Button>
      )}
    </Group>
  )
}

interface DialogsProps {
  readonly duty: Duty
  readonly dialog: Dialog | undefined
  readonly close: () => void
}

const Dialogs = ({ duty: { people }, dialog, close }: DialogsProps) => {
  const { t } = useTranslation()
  const { data = [] } = useChannels()
  const channels = data.filter(({ type }) => type !== PASSES_ON).map(({ name }) => name)
  const titles = {
    person: dialog?.kind === 'person' && dialog.person ? t('duty.editPerson') : t('duty.addPerson'),
    list: dialog?.kind === 'list' && dialog.list ? t('duty.editList') : t('duty.addList'),
    take: t('duty.iAmOn'),
  }
  return (
    <Modal
      opened={dialog !== undefined}
      onClose={close}
      title={dialog && titles[dialog.kind]}
      size={dialog?.kind === 'list' ? 'xl' : 'md'}
    >
      {dialog?.kind === 'person' && <PersonForm person={dialog.person} channels={channels} close={close} />}
      {dialog?.kind === 'list' && (
        <ListForm list={dialog.list} channels={channels} people={people.map(({ name }) => name)} close={close} />
      )}
      {dialog?.kind === 'take' && <IAmOn list={dialog.list} people={people} close={close} />}
    </Modal>
  )
}
