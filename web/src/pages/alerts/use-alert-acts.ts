import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Alert } from '../../api/types.ts'
import { confirm } from '../../components/confirm.tsx'
import { endAfter } from '../../components/duration-choice.tsx'
import { useErrorText } from '../../components/error-text.ts'
import { sayDone, sayFailed } from '../../components/toast.tsx'

/** Acknowledges, silences and ends alerts, one or many at a time; `onDone` is called where some of it was done. */
export const useAlertActs = (alerts: readonly Alert[], onDone: () => void) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const errorText = useErrorText()
  const [busy, setBusy] = useState(false)
  const count = alerts.length
  /** An alert about a monitor ends when that answers again: until then nobody may be told that it does. */
  const endable = alerts.filter(({ can_resolve }) => can_resolve)

  /** Does something to each and tells what failed; what was done stays done. */
  const each = async (
    act: (alert: Alert) => Promise<unknown>,
    said: string,
    { of = alerts, undo }: { readonly of?: readonly Alert[]; readonly undo?: () => void } = {},
  ) => {
    const count = of.length
    setBusy(true)
    const outcomes = await Promise.allSettled(of.map(act))
    setBusy(false)
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected')
    void client.invalidateQueries({ queryKey: ['alerts'] })
    void client.invalidateQueries({ queryKey: ['alert'] })
    if (failed.length > 0)
      sayFailed(t('alerts.failedSome', { failed: failed.length, count, message: errorText(failed[0]!.reason) }))
    // Where nothing was done, what was typed and chosen stays, to be tried again.
    if (failed.length === count) return
    sayDone(said, failed.length === 0 ? undo : undefined)
    onDone()
  }

  const takeBack = () => {
    void Promise.allSettled(alerts.map(({ id }) => api.delete(`/alerts/${id}/acknowledge`))).then(() =>
      client.invalidateQueries({ queryKey: ['alerts'] }),
    )
  }
  const acknowledge = (note: string, ms: number) =>
    each(
      ({ id }) => api.post(`/alerts/${id}/acknowledge`, { note, ...(ms > 0 && { until: endAfter(ms) }) }),
      t('alerts.acknowledgedNow', { count }),
      { undo: takeBack },
    )
  const resolve = async () => {
    const count = endable.length
    if (!(await confirm(t('alerts.resolveTitle', { count }), t('alerts.resolveHint'), t('alerts.resolve')))) return
    await each(({ id }) => api.post(`/alerts/${id}/resolve`), t('alerts.resolvedNow', { count }), { of: endable })
  }
  const silence = async (comment: string, ms: number) => {
    const subjects = [...new Set(alerts.map(({ subject }) => subject))]
    const made: number[] = []
    setBusy(true)
    try {
      for (const subject of subjects)
        made.push(
          (
            await api.post<{ id: number }>('/silences', {
              matchers: [{ name: 'subject', operator: '=', value: subject }],
              ends_at: endAfter(ms),
              comment,
            })
          ).id,
        )
      sayDone(
        t('alerts.silencedNow'),
        () =>
          void Promise.all(made.map((id) => api.delete(`/silences/${id}`))).then(() =>
            client.invalidateQueries({ queryKey: ['silences'] }),
          ),
      )
      onDone()
    } catch (error) {
      sayFailed(errorText(error))
    }
    setBusy(false)
    void client.invalidateQueries({ queryKey: ['silences'] })
  }

  return { busy, isEndable: endable.length > 0, acknowledge, silence, resolve }
}
