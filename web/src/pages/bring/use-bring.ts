import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { ImportAnswer } from './import-answer.ts'

/** A file, and what it is called within what was chosen. */
export interface ChosenFile {
  readonly name: string
  readonly body: Blob
}

/** How what was sent is to be read. */
export interface Choice {
  readonly kind?: string
  readonly columns?: Readonly<Record<string, string>>
  readonly prune?: boolean
}

const TOUCHED = ['monitors', 'channels', 'rules', 'alerts', 'marks', 'plans', 'maintenance']

/** Sends what was chosen, has it read in another way, brings it in. */
export const useBring = () => {
  const client = useQueryClient()
  const [answer, setAnswer] = useState<ImportAnswer>()
  const [sending, setSending] = useState<string>()

  const send = useMutation({
    mutationFn: async (files: readonly ChosenFile[]) => {
      let last: ImportAnswer | undefined
      for (const [index, { name, body }] of files.entries()) {
        setSending(name)
        const more = index < files.length - 1
        const at: string = last ? `/imports/${last.id}/files` : '/imports'
        if (!more) setSending(undefined)
        last = await api.upload<ImportAnswer>(`${at}?name=${encodeURIComponent(name)}&more=${more}`, body)
      }
      return last!
    },
    onSuccess: setAnswer,
    onSettled: () => setSending(undefined),
  })
  const read = useMutation({
    mutationFn: (choice: Choice) => api.post<ImportAnswer>(`/imports/${answer!.id}/plan`, choice),
    onSuccess: setAnswer,
  })
  const apply = useMutation({
    mutationFn: (prune: boolean) => api.post<ImportAnswer>(`/imports/${answer!.id}/apply`, { prune }),
    onSuccess: (applied) => {
      setAnswer(applied)
      for (const key of TOUCHED) void client.invalidateQueries({ queryKey: [key] })
    },
  })
  const begin = () => {
    if (answer && answer.status !== 'applied') void api.delete(`/imports/${answer.id}`).catch(() => undefined)
    setAnswer(undefined)
    for (const { reset } of [send, read, apply]) reset()
  }
  return { answer, sending, send, read, apply, begin }
}
