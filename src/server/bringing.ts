import { channelTypes } from '#channels/index.ts'
import { createImportOperations, type ImportOperations, type StagedThings } from '#operations/import/imports.ts'
import { createUploads, type Uploads } from '#operations/import/uploads.ts'
import type { Operate } from '#operations/operation.ts'
import { createEndOfMonitor } from '#pipeline/decide/end-of-monitor.ts'
import { createEndOfRule } from '#pipeline/decide/end-of-rule.ts'
import type { Registry } from '#pipeline/decide/registry.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import type { Storage } from '#storage/index.ts'
import type { Sealer } from '#storage/seal.ts'
import { isForPeople } from './for-people.ts'
import type { ServerOptions } from './options.ts'
import type { Systems } from './systems.ts'
import type { ImportedBefore } from './with-imported.ts'

export interface BringingDeps {
  readonly options: Pick<ServerOptions, 'dataDir' | 'databaseUrl' | 'environment'>
  readonly storage: Storage
  readonly operate: Operate
  readonly registry: Registry
  readonly sealer: () => Sealer
  readonly history: Pick<ImportedBefore, 'historyCame'>
  /** What puts in force what is stored: planned work, rules, monitors and channels. */
  readonly quietsInForce: () => Promise<void>
  readonly takeOverRules: () => Promise<void>
  readonly reconfigure: () => Promise<void>
  readonly timeZone: () => string
  readonly now: () => number
  readonly timers: Systems['timers']
}

/** What comes in from outside while the server runs. */
export interface Bringing {
  readonly uploads: Uploads
  /** Stores what was read beside the server, and puts it in force. */
  readonly imports: ImportOperations
  readonly known: () => StagedThings['known']
  readonly inForce: () => Promise<void>
}

/** What people bring along from other tools while the server runs. */
export const createBringing = (deps: BringingDeps): Bringing => {
  const { options, storage, operate, registry, sealer, history, timeZone, now, timers } = deps
  const { dataDir, databaseUrl, environment } = options
  const imports = createImportOperations({
    operate,
    probeTypes,
    channelTypes,
    parseTarget,
    environment,
    timeZone: timeZone(),
    sealer,
    endOfMonitor: createEndOfMonitor(isForPeople),
    endOfRule: createEndOfRule(isForPeople),
    progress: () => {},
  })
  const known = () => ({
    channels: registry.channels(),
    monitors: registry.monitors().map(({ monitor }) => monitor),
  })
  const inForce = async () => {
    await deps.reconfigure()
    await deps.takeOverRules()
    await deps.quietsInForce()
  }
  const uploads = createUploads({
    store: { dataDir, databaseUrl },
    environment,
    storage,
    imports,
    known,
    inForce,
    historyCame: history.historyCame,
    timeZone,
    now,
    timers,
  })
  return { uploads, imports, known, inForce }
}
