import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api, type Fault } from '../../api/client.ts'
import type { Monitor } from '../../api/types.ts'
import { endAfter } from '../../components/duration-choice.tsx'
import { useErrorText } from '../../components/error-text.ts'
import { sayDone, sayFailed } from '../../components/toast.tsx'
import type { Values } from '../../forms/schema-form/schema-form.tsx'
import { addTexts } from '../../i18n/index.ts'
import { manyMonitors as texts } from '../../i18n/texts/many-monitors.ts'
import type { Pausing } from './pause-dialog.tsx'

addTexts('manyMonitors', texts)

interface One extends Partial<Fault> {
  readonly id: number
  readonly ok: boolean
  readonly code?: string
}

type Some = readonly Pick<Monitor, 'id' | 'name'>[]

/** As many as one request may name. */
const AT_ONCE = 1000

/** Pauses, silences and changes monitors, one or many in one go; `onDone` is called where some of it was done. */
export const useMany = (monitors: Some, onDone: () => void) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const errorText = useErrorText()
  const [busy, setBusy] = useState(false)
  const ids = monitors.map(({ id }) => id)

  const inParts = async (send: (part: readonly number[]) => Promise<readonly One[]>): Promise<readonly One[]> => {
    const results: One[] = []
    for (let at = 0; at < ids.length; at += AT_ONCE) results.push(...(await send(ids.slice(at, at + AT_ONCE))))
    return results
  }

  /** Says what was done, and of what was not the first reason. */
  const run = async (
    send: (part: readonly number[]) => Promise<readonly One[]>,
    said: (count: number) => string,
    undo?: () => void,
  ) => {
    setBusy(true)
    try {
      const results = await inParts(send)
      const failed = results.filter(({ ok }) => !ok)
      const [first] = failed
      if (first) {
        const { id, code = '', message = '', path = '', ...told } = first
        const error = new ApiError(409, code, message, path === '' ? [] : [{ path, message, ...told }], told)
        const name = monitors.find((one) => one.id === id)?.name ?? ''
        sayFailed(
          t('manyMonitors.failed', { failed: failed.length, count: results.length, name, message: errorText(error) }),
        )
      }
      if (failed.length < results.length) {
        sayDone(said(results.length - failed.length), failed.length === 0 ? undo : undefined)
        onDone()
      }
    } catch (error) {
      sayFailed(errorText(error))
    }
    setBusy(false)
    for (const key of ['monitors', 'monitor', 'marks', 'silences']) void client.invalidateQueries({ queryKey: [key] })
  }

  const name = monitors[0]?.name ?? ''
  const setPaused = (body: Pausing | { readonly paused: false }, again = true): Promise<void> =>
    run(
      async (part) => (await api.post<{ items: readonly One[] }>('/monitors/pause', { ids: part, ...body })).items,
      (count) => t(body.paused ? 'manyMonitors.paused' : 'manyMonitors.resumed', { count, name }),
      again ? () => void setPaused({ paused: !body.paused } as Pausing, false) : undefined,
    )
  const silence = (comment: string, ms: number) => {
    const made: number[] = []
    return run(
      async (part) => {
        const body = { ids: part, ends_at: endAfter(ms), comment }
        made.push(...(await api.post<{ silences: readonly number[] }>('/monitors/silence', body)).silences)
        return part.map((id) => ({ id, ok: true }))
      },
      () => t('manyMonitors.silenced'),
      () =>
        void Promise.all(made.map((id) => api.delete(`/silences/${id}`))).then(() =>
          client.invalidateQueries({ queryKey: ['marks'] }),
        ),
    )
  }
  const change = (values: Values) =>
    run(
      async (part) => (await api.patch<{ items: readonly One[] }>('/monitors', { ids: part, change: values })).items,
      (count) => t('manyMonitors.changed', { count }),
    )

  return { busy, setPaused, silence, change }
}
