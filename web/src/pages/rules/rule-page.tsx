import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation, useSearch } from 'wouter'
import { ApiError, api } from '../../api/client.ts'
import type { Event, Rule } from '../../api/types.ts'
import { confirm } from '../../components/confirm.tsx'
import { DeleteButton } from '../../components/delete-button.tsx'
import { useErrorText } from '../../components/error-text.ts'
import { Empty, Loaded, PageHead } from '../../components/page.tsx'
import { sayDone, sayFailed } from '../../components/toast.tsx'
import { addTexts } from '../../i18n/index.ts'
import { history as historyTexts } from '../../i18n/texts/history.ts'
import { rules as rulesTexts } from '../../i18n/texts/rules.ts'
import { kindOfRule } from '../panel/test-kinds.ts'
import { TestSection } from '../panel/test-section.tsx'
import { newCheck, newGroup } from './conditions.ts'
import { bodyOf, type Draft, draftOf, EMPTY_DRAFT } from './draft.ts'
import { RuleForm } from './rule-form.tsx'

addTexts('history', historyTexts)
addTexts('rules', rulesTexts)

const LIST = '/channels?tab=rules'

/** What a rule made from an event begins with: its type, and the fields that tell one kind of it from another. */
const draftFrom = (event: Event): Draft => {
  const telling = ['detection_type', 'jail', 'state', 'alertname'].filter((name) => typeof event[name] === 'string')
  return {
    ...EMPTY_DRAFT,
    type: event.type,
    conditions: newGroup(
      'all',
      telling.map((field) => ({ ...newCheck(), field, value: event[field] })),
    ),
  }
}

export const NewRulePage = () => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [, go] = useLocation()
  const from = new URLSearchParams(useSearch()).get('event')
  const draft = useQuery({
    queryKey: ['rule', 'from', from],
    queryFn: async () => (from ? draftFrom(await api.get<Event>(`/events/${encodeURIComponent(from)}`)) : EMPTY_DRAFT),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <>
      <PageHead title={t('rules.new')} />
      <Loaded query={draft}>
        {(initial) => (
          <RuleForm
            initial={initial}
            cancel={() => go(LIST)}
            save={async (written) => {
              const rule = await api.post<Rule>('/rules', bodyOf(written))
              await client.invalidateQueries({ queryKey: ['rules'] })
              sayDone(t('rules.saved', { name: rule.name }))
              go(LIST)
            }}
          />
        )}
      </Loaded>
    </>
  )
}

export const EditRulePage = ({ id }: { readonly id: number }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const errorText = useErrorText()
  const [, go] = useLocation()
  // Kept as it was when the editing began: what somebody else saves meanwhile is told at the end, not mixed in.
  const rule = useQuery({
    queryKey: ['editing', 'rule', id],
    queryFn: () => api.get<Rule>(`/rules/${id}`),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })

  const remove = async ({ name }: Rule) => {
    if (!(await confirm(t('rules.delete', { name }), t('rules.deleteHint'), t('words.delete')))) return
    try {
      await api.delete(`/rules/${id}`)
      await client.invalidateQueries({ queryKey: ['rules'] })
      go(LIST)
    } catch (error) {
      sayFailed(errorText(error))
    }
  }
  const save = async (before: Rule, draft: Draft) => {
    try {
      await api.patch(`/rules/${id}`, bodyOf(draft), { 'if-match': `"${before.updated_at}"` })
    } catch (error) {
      if (error instanceof ApiError && error.code === 'changed_meanwhile') {
        const load = await confirm(t('rules.conflict'), t('shell.errors.changed_meanwhile'), t('forms.loadAgain'))
        if (load) await rule.refetch()
      }
      throw error
    }
    await client.invalidateQueries({ queryKey: ['rules'] })
    sayDone(t('rules.saved', { name: draft.name }))
    go(LIST)
  }

  return (
    <Loaded query={rule} lines={8}>
      {(data) => (
        <>
          <PageHead title={t('rules.edit', { name: data.name })} />
          {data.origin !== null ? (
            <Empty title={t('history.fromFile', { origin: data.origin })}>{t('shell.errors.owned_by_file')}</Empty>
          ) : (
            <RuleForm
              key={data.updated_at}
              exists
              initial={draftOf(data)}
              cancel={() => go(LIST)}
              save={(draft) => save(data, draft)}
              actions={<DeleteButton remove={() => remove(data)} />}
            />
          )}
          <TestSection
            key={`test ${data.updated_at}`}
            kind={kindOfRule(data.type, data.conditions)}
            severity={data.severity ?? 'MEDIUM'}
          />
        </>
      )}
    </Loaded>
  )
}
