import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Alert } from '../../api/types.ts'
import { confirm } from '../../components/confirm.tsx'
import { endAfter } from '../../components/duration-choice.tsx'
import { useErrorText } from '../../components/error-text.ts'
import { sayDone, sayFailed } from '../../components/toast.tsx'

/** What became of one of many. */
interface Done {
  readonly id: number
  readonly ok: boolean
  /** Id of the silence that was begun. */
  readonly silence?: number
}

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
  const each = async (act: (alert: Alert) => Promise<unknown>, said: string, of: readonly Alert[]) => {
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
    sayDone(said)
    onDone()
  }

  /** Does something to all of them in one go, which is one transaction; tells what was over meanwhile. */
  const together = async (path: string, body: object, said: string, undo: (done: readonly Done[]) => void) => {
    setBusy(true)
    try {
      const ids = alerts.map(({ id }) => id)
      const { items } = await api.post<{ items: readonly Done[] }>(path, { ids, ...body })
      const missed = items.filter(({ ok }) => !ok).length
      if (missed > 0) sayFailed(t('alerts.overMeanwhile', { count: missed }))
      sayDone(said, () => undo(items))
      onDone()
    } catch (error) {
      sayFailed(errorText(error))
    }
    setBusy(false)
    for (const key of ['alerts', 'alert', 'silences', 'marks']) void client.invalidateQueries({ queryKey: [key] })
  }

  const refresh = (key: string) => () => client.invalidateQueries({ queryKey: [key] })
  const acknowledge = (note: string, ms: number) =>
    together(
      '/alerts/acknowledge',
      { note, ...(ms > 0 && { until: endAfter(ms) }) },
      t('alerts.acknowledgedNow', { count }),
      (done) => {
        const ids = done.filter(({ ok }) => ok).map(({ id }) => id)
        if (ids.length > 0) void api.post('/alerts/unacknowledge', { ids }).then(refresh('alerts'))
      },
    )
  const resolve = async () => {
    const count = endable.length
    if (!(await confirm(t('alerts.resolveTitle', { count }), t('alerts.resolveHint'), t('alerts.resolve')))) return
    await each(({ id }) => api.post(`/alerts/${id}/resolve`), t('alerts.resolvedNow', { count }), endable)
  }
  const silence = (comment: string, ms: number) =>
    together('/alerts/silence', { ends_at: endAfter(ms), comment }, t('alerts.silencedNow'), (done) => {
      const made = done.flatMap(({ silence: id }) => id ?? [])
      void Promise.all(made.map((id) => api.delete(`/silences/${id}`))).then(refresh('silences'))
    })

  return { busy, isEndable: endable.length > 0, acknowledge, silence, resolve }
}
