import { Button, SimpleGrid, Stack } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEvents } from '../../api/queries.ts'
import { Failure } from '../../components/page.tsx'
import { FormFooter } from '../../forms/form-footer.tsx'
import { useFaults } from '../../forms/use-faults.ts'
import { useLeaveGuard } from '../../forms/use-leave-guard.ts'
import { Backtest } from './backtest.tsx'
import type { Draft } from './draft.ts'
import { Part } from './part.tsx'
import { Telling } from './telling.tsx'
import { TemplateFields } from './template-fields.tsx'
import { WhichEvents } from './which-events.tsx'

const SAMPLES = 50
/** Fields of an event that say nothing about what happened. */
const OWN_FIELDS = new Set(['id', 'source', 'received_at', 'at'])

interface Props {
  readonly initial: Draft
  readonly save: (draft: Draft) => Promise<void>
  readonly cancel: () => void
  readonly actions?: ReactNode
  /** One that exists keeps what it has. */
  readonly exists?: boolean
}

export const RuleForm = ({ initial, save, cancel, actions, exists = false }: Props) => {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(initial)
  const { error, faults, ...problems } = useFaults()
  const [busy, setBusy] = useState(false)
  const [changed, setChanged] = useState(false)
  useLeaveGuard(changed && !busy)
  const { data: events = [] } = useEvents(
    draft.type === '' || draft.type === 'custom' ? undefined : draft.type,
    SAMPLES,
  )
  const fields = [...new Set(events.flatMap((event) => Object.keys(event)))]
    .filter((name) => !OWN_FIELDS.has(name))
    .sort()
  const set = (change: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...change }))
    setChanged(true)
  }
  const submit = async () => {
    const missing = (['name', 'type'] as const).filter((name) => draft[name].trim() === '')
    // A new one is sent all the same: the server says what else is wrong, and takes nothing that lacks these.
    if (exists && problems.lacks(missing)) return
    setBusy(true)
    try {
      await save(draft)
      setChanged(false)
    } catch (failure) {
      window.scrollTo({ top: 0 })
      problems.fail(failure instanceof SyntaxError ? new Error(t('forms.badJson')) : failure, missing)
    }
    setBusy(false)
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Stack>
        {error !== undefined && <Failure error={error} />}
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Stack>
            <WhichEvents {...{ draft, set, faults, fields }} />
          </Stack>
          <Stack>
            <Telling {...{ draft, set, faults }} />
            <Part title={t('rules.text')}>
              <TemplateFields draft={draft} set={set} faults={faults} events={events} />
            </Part>
          </Stack>
        </SimpleGrid>
        <Part title={t('rules.backtest')}>
          <Backtest draft={draft} />
        </Part>
        <FormFooter actions={actions}>
          <Button variant="default" onClick={cancel}>
            {t('words.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('words.save')}
          </Button>
        </FormFooter>
      </Stack>
    </form>
  )
}
