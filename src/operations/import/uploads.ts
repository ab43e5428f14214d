import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { notThere, type Outcome, refused } from '#core/problem.ts'
import { says } from '#core/said.ts'
import type { By } from '#core/who/by.ts'
import { done } from '#lib/result.ts'
import { createBreath } from '#lib/run/breath.ts'
import { createTurns } from '#lib/run/turns.ts'
import type { Timer, Timers } from '#lib/time/timers.ts'
import type { Storage } from '#storage/index.ts'
import type { ImportOperations, StagedThings } from './imports.ts'
import { planAside, type StagedImport, stageAside } from './read-aside.ts'
import type { PlanCounts, ReaderOrder } from './reader-order.ts'
import { type Arriving, createUploadedFiles, type UploadedFiles } from './uploaded-files.ts'

/** How an upload is to be read, where people say more than its files do. */
interface UploadChoice {
  readonly kind?: string | undefined
  readonly columns?: Readonly<Record<string, string>> | undefined
  readonly timeZone?: string | undefined
  readonly prune?: boolean | undefined
}

/** An upload as it stands. */
export interface UploadView {
  readonly id: string
  readonly status: 'received' | 'planned' | 'refused' | 'applied'
  readonly files: readonly { readonly name: string; readonly size: number }[]
  /** What is done at the moment, in English; null: nothing. */
  readonly progress: string | null
  readonly counts: PlanCounts | null
  /** Once it is stored: of how many monitors history came in. */
  readonly histories: number | null
  /** JSON as it is shown: the plan, or what was refused. */
  readonly body: string | null
}

/** What people bring along from other tools to a server that runs. Uploads are forgotten after an hour and at a restart. */
export interface Uploads {
  /** Takes a file, for a new upload or one more of `id`; `source`: where it lay, by which later imports know it. */
  add(arriving: Arriving, id?: string, source?: string): Promise<Outcome<UploadView>>
  /** What bringing it in would do. */
  plan(id: string, choice: UploadChoice): Promise<Outcome<UploadView>>
  look(id: string): Outcome<UploadView>
  /** All of it in one transaction, or nothing; then what was known of earlier times. */
  apply(by: By, id: string, prune: boolean): Promise<Outcome<UploadView>>
  remove(id: string): Promise<Outcome<undefined>>
  close(): void
}

export interface UploadDeps extends Pick<ReaderOrder, 'store' | 'environment'> {
  readonly storage: Pick<Storage, 'transaction' | 'away'>
  readonly imports: Pick<ImportOperations, 'storeStaged'>
  readonly known: () => StagedThings['known']
  readonly inForce: () => Promise<void>
  /** Something is known of earlier times that was not. */
  readonly historyCame: () => void
  readonly timeZone: () => string
  readonly now: () => number
  readonly timers: Pick<Timers, 'after' | 'clear'>
}

interface Upload {
  readonly id: string
  readonly source: string
  readonly files: UploadedFiles
  choice: UploadChoice
  status: UploadView['status']
  progress: string | null
  counts: PlanCounts | null
  histories: number | null
  body: string | null
  busy: number
  end: Timer | undefined
}

const FORGOTTEN_AFTER_MS = 3_600_000
const MOST_AT_ONCE = 5
/** What is under way may change what was read: then it is read again, so often. */
const ATTEMPTS = 3
/** A turn of the main thread while it stores, ms. */
const STRETCH_MS = 8
/** Where files lay that came without a word of it: those of one name are the same source. */
const SOURCE = 'upload'

const isBusy = () => {
  const said = says('It is being read or stored at this moment.', 'Se está leyendo o guardando en este momento.')
  return refused('in_use', '', said.message, said)
}

const changedMeanwhile = () => {
  const said = says(
    'Something else is being changed all the time: try again.',
    'Otra cosa cambia todo el tiempo: vuelva a intentarlo.',
  )
  return refused('changed_meanwhile', '', said.message, said)
}

const ENDED = says(
  'It needs more time or memory than a running server gives it: bring it in with vigia import --apply, with the server stopped.',
  'Necesita más tiempo o memoria de lo que da un servidor en marcha: tráigalo con vigia import --apply, con el servidor detenido.',
)

const endedBody = (files: UploadedFiles): string => {
  const why = { code: 'import_ended', facts: {}, message: ENDED.message, message_es: ENDED['x-es'].message }
  return JSON.stringify({ applied: false, refused: [{ place: files.names()[0]?.name ?? '', why }] })
}

const viewOf = ({ id, files, status, progress, counts, histories, body }: Upload): UploadView => ({
  id,
  status,
  files: files.names(),
  progress,
  counts,
  histories,
  body,
})

export const createUploads = (deps: UploadDeps): Uploads => {
  const { storage, imports, known, inForce, historyCame, timeZone, now, timers } = deps
  const root = join(deps.store.dataDir, 'imports')
  // What a life before this one left behind.
  rmSync(root, { recursive: true, force: true })
  const uploads = new Map<string, Upload>()
  const inTurn = createTurns()

  const forget = async (upload: Upload) => {
    uploads.delete(upload.id)
    timers.clear(upload.end)
    await rm(upload.files.folder, { recursive: true, force: true })
  }

  const prolong = (upload: Upload) => {
    timers.clear(upload.end)
    upload.end = timers.after(FORGOTTEN_AFTER_MS, () => {
      if (upload.busy > 0) prolong(upload)
      else void forget(upload)
    })
    upload.end.unref()
  }

  const begin = async (source = SOURCE): Promise<Upload> => {
    const id = randomUUID()
    const idle = [...uploads.values()].filter(({ busy }) => busy === 0)
    if (uploads.size >= MOST_AT_ONCE && idle[0]) await forget(idle[0])
    const upload: Upload = {
      id,
      source,
      files: createUploadedFiles(join(root, id)),
      choice: {},
      status: 'received',
      progress: null,
      counts: null,
      histories: null,
      body: null,
      busy: 0,
      end: undefined,
    }
    uploads.set(id, upload)
    return upload
  }

  /** Does one thing at a time with an upload, which is not forgotten meanwhile. */
  const withUpload = async <T>(id: string, work: (upload: Upload) => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    const upload = uploads.get(id)
    if (!upload) return notThere('import')
    if (upload.busy > 0) return isBusy()
    upload.busy++
    try {
      return await work(upload)
    } finally {
      upload.busy--
      upload.progress = null
      if (uploads.has(id)) prolong(upload)
    }
  }

  const orderOf = ({ files, choice, source }: Upload, prune: boolean): ReaderOrder => ({
    given: files.folder,
    kind: choice.kind,
    timeZone: choice.timeZone ?? timeZone(),
    now: now(),
    columns: choice.columns,
    prune,
    source,
    store: deps.store,
    environment: deps.environment,
  })

  const readingOf = (upload: Upload) => ({
    timers,
    progress: (words: string) => {
      upload.progress = words
    },
  })

  const refuseUpload = (upload: Upload, reading: { readonly body: string } | { readonly ended: true }) => {
    upload.status = 'refused'
    upload.counts = null
    upload.body = 'body' in reading ? reading.body : endedBody(upload.files)
    return done(viewOf(upload))
  }

  const planned = async (upload: Upload): Promise<Outcome<UploadView>> => {
    upload.progress = 'reading'
    const order = orderOf(upload, upload.choice.prune ?? false)
    const reading = await inTurn(() => planAside(order, readingOf(upload)))
    if (!reading.ok) return refuseUpload(upload, reading)
    Object.assign(upload, { status: 'planned', counts: reading.counts, body: reading.body })
    return done(viewOf(upload))
  }

  /** What was known of earlier times, in short transactions; how many monitors have some. */
  const keepHistory = async (staged: StagedImport, ids: ReadonlyMap<string, number>): Promise<number> => {
    const remembered = new Set<number>()
    for (let days = await staged.nextDays(); days.length > 0; days = await staged.nextDays()) {
      const byMonitor = Map.groupBy(days, ({ monitor }) => ids.get(monitor))
      await storage.transaction(async ({ importedHistory }) => {
        for (const [id, those] of byMonitor) if (id !== undefined) await importedHistory.save(id, those)
      })
      for (const id of byMonitor.keys()) if (id !== undefined) remembered.add(id)
    }
    if (remembered.size > 0) historyCame()
    return remembered.size
  }

  /** Undefined where something was changed between reading and storing. */
  const attempt = async (by: By, upload: Upload, prune: boolean): Promise<Outcome<UploadView> | undefined> => {
    const stage = `${upload.files.folder}.history`
    const reading = await stageAside({ ...orderOf(upload, prune), stage }, readingOf(upload))
    if (!reading.ok) return refuseUpload(upload, reading)
    const { staged } = reading
    try {
      upload.progress = 'storing'
      const { things, seen } = staged
      const breathe = createBreath(STRETCH_MS)
      const stored = await imports.storeStaged(by, { things, seen, known: known(), breathe, inForce }, prune)
      if (!stored) return undefined
      upload.status = 'applied'
      upload.progress = 'storing history'
      upload.histories = await keepHistory(staged, stored.ids)
      return done(viewOf(upload))
    } finally {
      await staged.end()
      await rm(stage, { force: true })
    }
  }

  return {
    add: async (arriving, id, source) => {
      const upload = id === undefined ? await begin(source) : uploads.get(id)
      if (!upload) return notThere('import')
      upload.busy++
      try {
        const kept = await upload.files.add(arriving)
        if (!kept.ok) return kept
        Object.assign(upload, { status: 'received', body: null, counts: null, histories: null })
        return done(viewOf(upload))
      } finally {
        upload.busy--
        prolong(upload)
        if (upload.busy === 0 && upload.files.names().length === 0) await forget(upload)
      }
    },
    plan: (id, choice) =>
      withUpload(id, async (upload) => {
        upload.choice = choice
        return planned(upload)
      }),
    look: (id) => {
      const upload = uploads.get(id)
      return upload ? done(viewOf(upload)) : notThere('import')
    },
    apply: (by, id, prune) =>
      withUpload(id, async (upload) => {
        for (let count = 0; count < ATTEMPTS; count++) {
          const applied = await inTurn(() => attempt(by, upload, prune))
          if (applied) return applied
        }
        return changedMeanwhile()
      }),
    remove: (id) =>
      withUpload(id, async (upload) => {
        await forget(upload)
        return done(undefined)
      }),
    close: () => {
      for (const { end } of uploads.values()) timers.clear(end)
      rmSync(root, { recursive: true, force: true })
    },
  }
}
