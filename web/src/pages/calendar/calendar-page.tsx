import { Button, Card, Modal, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import type { Page } from '../../api/types.ts'
import { useErrorText } from '../../components/error-text.ts'
import { Icon } from '../../components/icon.tsx'
import { Loaded, PageHead } from '../../components/page.tsx'
import { sayDone, sayFailed } from '../../components/toast.tsx'
import { addTexts } from '../../i18n/index.ts'
import { calendar as texts } from '../../i18n/texts/calendar.ts'
import { now } from '../../lib/clock.ts'
import { useUrlState } from '../../lib/url-state.ts'
import { EntryDialog } from './entry-dialog.tsx'
import { LinkDialog } from './link-dialog.tsx'
import { MonthGrid } from './month-grid.tsx'
import { Recurring } from './recurring.tsx'
import { Silences } from './silences.tsx'
import type { CalendarAnswer, CalendarEntry, Plan, Window } from './types.ts'
import { type bodyOf, type Draft, draftOfPlan, draftOfWindow, newDraft } from './window-draft.ts'
import { WindowForm } from './window-form.tsx'

addTexts('calendar', texts)

/** What is open above the page. */
type Opened =
  | { readonly kind: 'entry'; readonly entry: CalendarEntry }
  | { readonly kind: 'form'; readonly draft: Draft; readonly path?: string }
  | { readonly kind: 'link' }

/** Planned maintenance: 30 days, what comes again, and silences. */
const CalendarPage = () => {
  const { t } = useTranslation()
  const may = useMay()
  const client = useQueryClient()
  const errorText = useErrorText()
  const [opened, setOpened] = useState<Opened>()
  const calendar = useQuery({
    queryKey: ['maintenance', 'calendar'],
    queryFn: () => api.get<CalendarAnswer>('/maintenance/calendar'),
  })
  const plans = useQuery({
    queryKey: ['maintenance', 'plans'],
    queryFn: async () => (await api.get<Page<Plan>>('/maintenance/plans')).items,
  })
  const zone = calendar.data?.time_zone ?? 'UTC'
  // Somebody comes from a monitor to plan work on it.
  const [asked, setAsked] = useUrlState('monitor')
  const shown: Opened | undefined =
    opened ?? (asked !== '' && calendar.data && may ? { kind: 'form', draft: newDraft(zone, now(), asked) } : undefined)
  const close = () => {
    setAsked('')
    setOpened(undefined)
  }

  const editPlan = (plan: Plan) =>
    setOpened({ kind: 'form', draft: draftOfPlan(plan, now()), path: `/maintenance/plans/${plan.id}` })
  const edit = async (entry: CalendarEntry) => {
    const plan = entry.recurring ? plans.data?.find(({ id }) => id === entry.plan_id) : undefined
    if (plan) return editPlan(plan)
    try {
      const window = await api.get<Window>(`/maintenance/${entry.id}`)
      setOpened({ kind: 'form', draft: draftOfWindow(window, zone, now()), path: `/maintenance/${window.id}` })
    } catch (error) {
      sayFailed(errorText(error))
    }
  }
  const save = async (body: ReturnType<typeof bodyOf>, repeats: boolean) => {
    const path = shown?.kind === 'form' ? shown.path : undefined
    if (path === undefined) await api.post(repeats ? '/maintenance/plans' : '/maintenance', body)
    else await api.put(path, body)
    sayDone(t('calendar.saved'))
    for (const key of ['maintenance', 'alerts', 'uses']) void client.invalidateQueries({ queryKey: [key] })
  }

  return (
    <>
      <PageHead
        title={t('calendar.title')}
        below={
          <Text className="quiet" size="sm" maw={760}>
            {t('calendar.hint', { zone })}
          </Text>
        }
        actions={
          may && (
            <>
              <Button
                variant="default"
                leftSection={<Icon name="calendar" />}
                onClick={() => setOpened({ kind: 'link' })}
              >
                {t('calendar.link.open')}
              </Button>
              <Button
                leftSection={<Icon name="plus" />}
                disabled={calendar.data === undefined}
                onClick={() => setOpened({ kind: 'form', draft: newDraft(zone, now()) })}
              >
                {t('calendar.add')}
              </Button>
            </>
          )
        }
      />
      <Loaded query={calendar} lines={8}>
        {(data) => (
          <Card component="section" mb="md" aria-label={t('calendar.title')}>
            {data.items.length === 0 && (
              <Text mb="sm">
                <b>{t('calendar.empty')}</b>
                <br />
                <span className="quiet">{t('calendar.emptyHint')}</span>
              </Text>
            )}
            {data.cut && (
              <Text size="sm" mb="sm">
                {t('calendar.cut')}
              </Text>
            )}
            <MonthGrid calendar={data} onOpen={(entry) => setOpened({ kind: 'entry', entry })} />
          </Card>
        )}
      </Loaded>
      {plans.data && <Recurring plans={plans.data} zone={zone} onEdit={editPlan} />}
      <Silences />
      <Modal
        opened={shown?.kind === 'entry'}
        onClose={close}
        title={shown?.kind === 'entry' ? shown.entry.name : ''}
        size="lg"
      >
        {shown?.kind === 'entry' && (
          <EntryDialog entry={shown.entry} zone={zone} close={close} onEdit={(entry) => void edit(entry)} />
        )}
      </Modal>
      <Modal
        opened={shown?.kind === 'form'}
        onClose={close}
        title={shown?.kind === 'form' && shown.path ? t('calendar.form.editTitle') : t('calendar.form.title')}
        size="xl"
      >
        {shown?.kind === 'form' && (
          <WindowForm draft={shown.draft} settled={shown.path !== undefined} save={save} close={close} />
        )}
      </Modal>
      <Modal opened={shown?.kind === 'link'} onClose={close} title={t('calendar.link.title')} size="lg">
        {shown?.kind === 'link' && <LinkDialog />}
      </Modal>
    </>
  )
}
export default CalendarPage
