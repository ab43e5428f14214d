import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { because, type Cause } from '#core/cause/cause.ts'
import { createBus } from '#lib/run/bus.ts'
import { inSpiteOf } from '#lib/run/in-spite-of.ts'
import type { StartPart } from '#lib/thread.ts'
import { createAlertFigures } from './alert-figures.ts'
import { createAlerts } from './alerts.ts'
import { createAtHand } from './at-hand.ts'
import { createAudit } from './audit.ts'
import { hasRoom, openAway, putBack } from './away.ts'
import { createBans } from './bans.ts'
import { createChannels } from './channels.ts'
import { createClockShift } from './clock-shift.ts'
import type { Database } from './database.ts'
import { createDecisions } from './decisions.ts'
import { createDeliveryLog } from './delivery-log.ts'
import { createDeliveryTotals } from './delivery-totals.ts'
import { createDurability } from './durability.ts'
import { createDuty } from './duty.ts'
import { createEvents } from './events.ts'
import { createFollowOffsets } from './follow-offsets.ts'
import { createGaps } from './gaps.ts'
import { createGroupCommit } from './group-commit.ts'
import { startHistory } from './history/embedded.ts'
import type { History, HistoryListener } from './history/index.ts'
import { createIdempotencyKeys } from './idempotency-keys.ts'
import { createImportedHistory } from './imported-history.ts'
import { createImportedObjects } from './imported-objects.ts'
import { lockFolder } from './lock.ts'
import { giveUpLost, refuseLost } from './lost-database.ts'
import { createMaintenance } from './maintenance.ts'
import { createMaintenancePlans } from './maintenance-plans.ts'
import { createMentions } from './mentions.ts'
import { type Engine, migrate } from './migrate.ts'
import { createMonitors } from './monitors.ts'
import { createNotifications } from './notifications.ts'
import { createPaths } from './paths.ts'
import { createPlaces } from './places.ts'
import { createRetention } from './retention.ts'
import { createRules } from './rules.ts'
import { createSchedules } from './schedules.ts'
import { createSealedValues } from './sealed-values.ts'
import { createSessions } from './sessions.ts'
import { createSettings } from './settings.ts'
import { createShiftLines } from './shift-lines.ts'
import { createSilences } from './silences.ts'
import {
  createSqliteStatements,
  heldDatabase,
  hurry,
  openSqlite,
  openSqliteReader,
  type SqliteStatements,
  sqliteDialect,
} from './sqlite.ts'
import { createStates } from './states.ts'
import { explainSqlite, isDeadlock, StorageError } from './storage-error.ts'
import { type StoreSystems, systems } from './systems.ts'
import type { Tables } from './tables.ts'
import { createTokens } from './tokens.ts'
import { createTransitions } from './transitions.ts'
import { createUsers } from './users.ts'

/** One repository per word, all on the same database or transaction. */
const createRepositories = (db: Database, engine: Engine, wall: StoreSystems['wall']) => ({
  monitors: createMonitors(db),
  mentions: createMentions(db),
  channels: createChannels(db),
  states: createStates(db, engine),
  transitions: createTransitions(db, engine),
  events: createEvents(db, engine),
  alerts: createAlerts(db, engine),
  notifications: createNotifications(db, engine),
  deliveryLog: createDeliveryLog(db, engine),
  deliveryTotals: createDeliveryTotals(db),
  alertFigures: createAlertFigures(db, engine),
  settings: createSettings(db),
  gaps: createGaps(db),
  rules: createRules(db, engine),
  decisions: createDecisions(db, engine),
  silences: createSilences(db),
  maintenance: createMaintenance(db),
  maintenancePlans: createMaintenancePlans(db),
  idempotencyKeys: createIdempotencyKeys(db),
  schedules: createSchedules(db),
  paths: createPaths(db),
  retention: createRetention(db),
  users: createUsers(db),
  sealedValues: createSealedValues(db),
  sessions: createSessions(db),
  tokens: createTokens(db),
  audit: createAudit(db),
  atHand: createAtHand(db),
  bans: createBans(db),
  shiftLines: createShiftLines(db),
  duty: createDuty(db),
  places: createPlaces(db),
  importedObjects: createImportedObjects(db),
  importedHistory: createImportedHistory(db),
  followOffsets: createFollowOffsets(db, wall),
  shiftClock: createClockShift(db),
})
export type Repositories = ReturnType<typeof createRepositories>

export interface Storage extends Repositories {
  readonly engine: Engine
  /** The file of the embedded engine, for threads that read beside this one; undefined on a database server. */
  readonly path: string | undefined
  /**
   * Runs `work` in a transaction; resolves when it is durable. Transactions asked for at the same moment may share one
   * commit; one that throws is undone alone. Never await the network inside. On a database server `work` begins anew
   * where transactions waited for one another: what it changes beside the store must bear that.
   */
  transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>
  /** Hears how long each commit took until it was durable, ms; one may carry many transactions. Returns the way to stop. */
  onCommit(hear: (ms: number) => void): () => void
  /** Of a store that stands in memory because the disk takes nothing; undefined of every other. */
  readonly away?: Away | undefined
  /** Whether results have ever been kept here. */
  hasHistory(): boolean
  /** Starts the part that keeps the results of probes; close it before the rest. */
  openHistory(listener: HistoryListener): Promise<History>
  close(): Promise<void>
}

interface Away {
  /** Why. */
  readonly trouble: Cause
  /** Whether the disk has room for it again: at its close it is written back then. */
  hasRoom(): boolean
}

export interface StorageOptions {
  readonly dataDir: string
  /** PostgreSQL instead of the embedded SQLite. */
  readonly databaseUrl?: string | undefined
  /** True for a command that only looks or changes single rows, beside a server that may be running. */
  readonly shared?: boolean
  /** The system's by default. */
  readonly timers?: StoreSystems['timers']
  readonly wall?: StoreSystems['wall']
  /** How the history's thread is started; absent: as a thread. */
  readonly startPart?: StartPart | undefined
  /** The disk takes nothing: run on a copy in memory, which is written back at the close. */
  readonly away?: boolean | undefined
  /** Begin anew where the database is lost: what belonged to it is moved aside. */
  readonly anew?: boolean | undefined
  /** Hears where that went. */
  readonly onMoved?: ((folder: string) => void) | undefined
  /** Hears in words that another server has taken the database meanwhile, and `undefined` once it has let go. */
  readonly onTrouble?: ((trouble: string | undefined) => void) | undefined
}

/** Made once: by it a database and its graphs know one another. */
const installationOf = ({ ensure }: Repositories['settings']): Promise<string> =>
  ensure('installation_id', randomUUID())

const awayOf = (memory: DatabaseSync, path: string): Away => ({
  trouble: because('store_in_memory', { path }),
  hasRoom: () => hasRoom(memory, path),
})

const backOnDisk = (memory: DatabaseSync, path: string, onTrouble: StorageOptions['onTrouble']) => {
  try {
    putBack(memory, path)
  } catch (error) {
    const why = (explainSqlite(error, path) as Error).message
    onTrouble?.(`what was decided while the disk was full could not be written, and is lost: ${why}`)
  }
}

const openEmbedded = async ({
  dataDir,
  shared = false,
  away = false,
  anew,
  onMoved,
  onTrouble,
  timers = systems.timers,
  wall = systems.wall,
  startPart,
}: StorageOptions): Promise<Storage> => {
  const path = join(dataDir, 'vigia.db')
  const history = join(dataDir, 'history.db')
  if (shared) refuseLost(dataDir)
  if (shared && !existsSync(path)) throw new StorageError('cannot_open', because('folder_never_used', { path }))
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StorageError(
      'cannot_open',
      because('folder_not_made', { folder: dataDir, error: (error as Error).message }),
      error,
    )
  }
  const unlock = shared ? () => {} : lockFolder(dataDir)
  let database: DatabaseSync
  let statements: SqliteStatements
  let db: Kysely<Tables> | undefined
  try {
    const moved = anew ? giveUpLost(dataDir, new Date(wall())) : refuseLost(dataDir)
    if (moved !== undefined) onMoved?.(moved)
    database = away ? openAway(path) : openSqlite(path)
    statements = createSqliteStatements(database, path)
    db = new Kysely<Tables>({ dialect: sqliteDialect(database, statements) })
    await migrate(db as Kysely<unknown> as never, 'sqlite', wall)
    if (!shared) hurry(database)
  } catch (error) {
    await db?.destroy()
    unlock()
    throw explainSqlite(error, path)
  }
  const opened = db
  const repositories = createRepositories(opened, 'sqlite', wall)
  const durability = createDurability(database, path)
  const commits = createBus<[ms: number]>()
  return {
    ...repositories,
    engine: 'sqlite',
    path: away ? undefined : path,
    transaction: createGroupCommit({
      lend: (work) => opened.connection().execute(work),
      run: statements.run,
      repositories: createRepositories(heldDatabase(statements), 'sqlite', wall),
      durability,
      timers,
      path,
      onCommit: commits.publish,
    }),
    onCommit: commits.listen,
    hasHistory: () => existsSync(history),
    openHistory: async (listener) =>
      startHistory(history, await installationOf(repositories.settings), listener, { timers, startPart }),
    ...(away && { away: awayOf(database, path) }),
    close: async () => {
      await durability.close()
      if (away) backOnDisk(database, path, onTrouble)
      await opened.destroy()
      unlock()
    },
  }
}

const openServer = async (
  databaseUrl: string,
  { shared, onTrouble, timers = systems.timers, wall = systems.wall }: StorageOptions,
): Promise<Storage> => {
  // Loaded only where it is used: most servers run without it.
  const { openPostgres, postgresDialect } = await import('./postgres.ts')
  const { lockDatabase } = await import('./database-lock.ts')
  await using opened = new AsyncDisposableStack()
  const pools = opened.adopt(await openPostgres(databaseUrl, timers), ({ end }) => end())
  const db = new Kysely<Tables>({ dialect: postgresDialect(pools.quick) })
  const patient = new Kysely<Tables>({ dialect: postgresDialect(pools.patient) })
  if (!shared) opened.adopt(await lockDatabase(databaseUrl, { onTrouble, timers }), (lock) => lock.release())
  await migrate(patient as Kysely<unknown> as never, 'postgres', wall)
  const open = opened.move()
  const commits = createBus<[ms: number]>()
  return {
    ...createRepositories(db, 'postgres', wall),
    engine: 'postgres',
    path: undefined,
    hasHistory: () => true,
    openHistory: async (listener) =>
      (await import('./history/postgres.ts')).createPostgresHistory(patient, listener, { timers, wall }),
    transaction: async (work) => {
      const began = performance.now()
      const value = await inSpiteOf(isDeadlock, () =>
        db.transaction().execute((transaction) => work(createRepositories(transaction, 'postgres', wall))),
      )
      commits.publish(performance.now() - began)
      return value
    },
    onCommit: commits.listen,
    close: () => open.disposeAsync(),
  }
}

/** What a thread reads beside the server that has the store open. */
export interface StorageBeside extends Repositories {
  close(): Promise<void>
}

/**
 * The store of a server that runs, for a thread of its that only reads: nothing is made, locked or brought to another
 * schema, so that whoever holds the store keeps it waiting no longer than the server itself. Throws StorageError.
 */
export const openBeside = async ({
  dataDir,
  databaseUrl,
}: Pick<StorageOptions, 'dataDir' | 'databaseUrl'>): Promise<StorageBeside> => {
  const { timers, wall } = systems
  if (databaseUrl) {
    const { openPostgres, postgresDialect } = await import('./postgres.ts')
    const pools = await openPostgres(databaseUrl, timers)
    const db = new Kysely<Tables>({ dialect: postgresDialect(pools.quick) })
    return { ...createRepositories(db, 'postgres', wall), close: pools.end }
  }
  const path = join(dataDir, 'vigia.db')
  try {
    const database = openSqliteReader(path)
    const statements = createSqliteStatements(database, path)
    const db = new Kysely<Tables>({ dialect: sqliteDialect(database, statements) })
    return { ...createRepositories(db, 'sqlite', wall), close: () => db.destroy() }
  } catch (error) {
    throw explainSqlite(error, path)
  }
}

/**
 * Opens the store and brings it to the present schema. Throws StorageError, whose message is meant for people: damaged,
 * full or read-only, in use by another process, newer than the program, unreachable.
 */
export const openStorage = (options: StorageOptions): Promise<Storage> =>
  options.databaseUrl ? openServer(options.databaseUrl, options) : openEmbedded(options)
