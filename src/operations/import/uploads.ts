import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { notThere, type Outcome } from '#core/problem.ts'
import type { By } from '#core/who/by.ts'
import { done } from '#lib/result.ts'
import { createBreath } from '#lib/run/breath.ts'
import { createTurns } from '#lib/run/turns.ts'
import type { Timer, Timers } from '#lib/time/timers.ts'
import type { Storage } from '#storage/index.ts'
import type { ImportOperations, StagedThings } from './imports.ts'
import { planAside, type StagedImport, stageAside } from './read-aside.ts'
import type { PlanCounts, ReaderOrder } from './reader-order.ts'
import { changedMeanwhile, endedBody, isBusy, tooMany } from './upload-refusals.ts'
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
  /** All that there is of it on the disk. */
  readonly home: string
  readonly files: UploadedFiles
  choice: UploadChoice
  status: UploadView['status']
  progress: string | null
  counts: PlanCounts | null
  histories: number | null
  body: string | null
  /** Files that come at this moment. */
  arriving: number
  /** It is being read or stored. */
  busy: boolean
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

const inUse = ({ arriving, busy }: Upload): boolean => busy || arriving > 0

const viewOf = ({ id, files, status, progress, counts, histories, body }: Upload): UploadView => ({
  id,
  status,
  files: files.names(),
  progress,
  counts,
  histories,
  body,
})

/** What was done with it is done. */
const viewAtRest = (upload: Upload): UploadView => {
  upload.progress = null
  return viewOf(upload)
}

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
    await rm(upload.home, { recursive: true, force: true })
  }

  const prolong = (upload: Upload) => {
    timers.clear(upload.end)
    upload.end = timers.after(FORGOTTEN_AFTER_MS, () => {
      if (inUse(upload)) prolong(upload)
      else void forget(upload)
    })
    upload.end.unref()
  }

  /** Undefined while all that there may be are in use. */
  const begin = (source = SOURCE): Upload | undefined => {
    const id = randomUUID()
    const home = join(root, id)
    const idle = [...uploads.values()].find((one) => !inUse(one))
    if (uploads.size >= MOST_AT_ONCE) {
      if (!idle) return undefined
      // Nobody waits for it: between the look and the place that is taken none other may come.
      void forget(idle)
    }
    const upload: Upload = {
      id,
      source,
      home,
      files: createUploadedFiles(join(home, 'files')),
      choice: {},
      status: 'received',
      progress: null,
      counts: null,
      histories: null,
      body: null,
      arriving: 0,
      busy: false,
      end: undefined,
    }
    uploads.set(id, upload)
    return upload
  }

  /** Does one thing at a time with an upload, which is not forgotten meanwhile. */
  const withUpload = async <T>(id: string, work: (upload: Upload) => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    const upload = uploads.get(id)
    if (!upload) return notThere('import')
    if (inUse(upload)) return isBusy()
    upload.busy = true
    try {
      return await work(upload)
    } finally {
      upload.busy = false
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
    return done(viewAtRest(upload))
  }

  const planned = async (upload: Upload): Promise<Outcome<UploadView>> => {
    upload.progress = 'reading'
    const order = orderOf(upload, upload.choice.prune ?? false)
    const reading = await inTurn(() => planAside(order, readingOf(upload)))
    if (!reading.ok) return refuseUpload(upload, reading)
    Object.assign(upload, { status: 'planned', counts: reading.counts, body: reading.body })
    return done(viewAtRest(upload))
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
    const stage = join(upload.home, 'history')
    const reading = await stageAside({ ...orderOf(upload, prune), stage }, readingOf(upload))
    if (!reading.ok) return refuseUpload(upload, reading)
    const { staged } = reading
    try {
      upload.progress = 'storing'
      const { things, seen } = staged
      const breathe = createBreath(STRETCH_MS)
      const stored = await imports.storeStaged(by, { things, seen, known: known(), breathe, inForce }, prune)
      if (!stored) return undefined
      upload.progress = 'storing history'
      // Before this is through it is no more than planned: who tries again has the rest of it stored.
      upload.histories = await keepHistory(staged, stored.ids)
      upload.status = 'applied'
      return done(viewAtRest(upload))
    } finally {
      await staged.end()
      await rm(stage, { force: true })
    }
  }

  return {
    add: async (arriving, id, source) => {
      const upload = id === undefined ? begin(source) : uploads.get(id)
      if (!upload) return id === undefined ? tooMany(MOST_AT_ONCE) : notThere('import')
      if (upload.busy) return isBusy()
      upload.arriving++
      try {
        const kept = await upload.files.add(arriving)
        if (!kept.ok) return kept
        Object.assign(upload, { status: 'received', body: null, counts: null, histories: null })
        return done(viewOf(upload))
      } finally {
        upload.arriving--
        prolong(upload)
        if (upload.arriving === 0 && upload.files.names().length === 0) await forget(upload)
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
