import { openAsBlob } from 'node:fs'
import { openSource } from '#importers/source.ts'
import type { ImportView, RefusedView } from '#operations/import/import-view.ts'
import { CommandError } from './command.ts'
import { refusedText } from './import-lines.ts'
import { withRunningServer } from './running-server.ts'

/** How a source is read, as the API takes it. */
export interface RunningChoice {
  readonly kind?: string | undefined
  readonly columns?: Readonly<Record<string, string>> | undefined
  readonly time_zone: string
  readonly prune: boolean
}

interface Answer {
  readonly id: string
  readonly status: string
  readonly plan: ImportView | RefusedView | null
  readonly histories: number | null
}

const planIn = ({ plan }: Answer): ImportView => {
  if (plan === null) throw new CommandError('the server has read nothing', 1)
  if ('refused' in plan) throw new CommandError(refusedText(plan), 1)
  return plan
}

/** Has a running server bring in what lies here: its files are sent to it, for it may not be able to read them. */
export const importRunning = (
  given: string,
  folder: string,
  choice: RunningChoice,
): Promise<{ readonly view: ImportView; readonly histories: number }> =>
  withRunningServer(folder, 'vigia import', async (ask) => {
    const { root, files } = openSource(given)
    let id: string | undefined
    for (const { name, path, size } of files) {
      if (size === 0) continue
      const named = `name=${encodeURIComponent(name)}&more=true`
      const at =
        id === undefined ? `/imports?${named}&source=${encodeURIComponent(root)}` : `/imports/${id}/files?${named}`
      id = (await ask<Answer>('POST', at, await openAsBlob(path))).id
    }
    if (id === undefined) throw new CommandError(`${given}: there is nothing in it`, 1)
    try {
      planIn(await ask<Answer>('POST', `/imports/${id}/plan`, choice))
      const applied = await ask<Answer>('POST', `/imports/${id}/apply`, { prune: choice.prune })
      return { view: { ...planIn(applied), applied: true }, histories: applied.histories ?? 0 }
    } finally {
      await ask('DELETE', `/imports/${id}`)
    }
  })
