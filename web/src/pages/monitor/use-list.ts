import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { api, type Fault } from '../../api/client.ts'
import { useChannels } from '../../api/queries.ts'
import { sayDone } from '../../components/toast.tsx'
import { firstChannel } from './nobody-hears.tsx'
import { type ListLine, MOST_LINES, parseLabels, parseList } from './parse-list.ts'

/** What a line makes, or why it makes nothing. */
export type LineOutcome =
  | { readonly ok: true; readonly id: number | null; readonly name: string; readonly type: string }
  | (Fault & { readonly ok: false })

const SETTLE_MS = 400

const send = async (lines: readonly ListLine[], more: object, dryRun: boolean): Promise<readonly LineOutcome[]> => {
  const items = lines.map(({ entry }) => ({ ...entry, ...more }))
  return (await api.post<{ items: readonly LineOutcome[] }>('/monitors/batch', { items, dry_run: dryRun })).items
}

/** A list of monitors while it is written, what the server says of each line, and the adding of those that are good. */
export const useList = () => {
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
  return {
    written: { text, setText, labels, setLabels, interval, setInterval, channels, chosen, setChosen },
    seen: { isTooLong: lines.length > MOST_LINES, taken, outcomes, good, bad, preview, adding },
  }
}

/** What is written of a list. */
export type WrittenList = ReturnType<typeof useList>['written']
/** What each of its lines would make. */
export type SeenList = ReturnType<typeof useList>['seen']
