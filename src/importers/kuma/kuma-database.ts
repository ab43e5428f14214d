import { because } from '#core/cause/cause.ts'
import { isTimeZone } from '#lib/time/zone.ts'
import type { ImportPlan, PastChanges, Place, ReadingContext, WasDown } from '../import-plan.ts'
import { defineImporter } from '../importer.ts'
import type { Source, SourceFile } from '../source.ts'
import { isDatabaseWith, openSourceDatabase, type SourceDatabase } from '../sqlite-source.ts'
import { KUMA_STATUS, kumaHistory } from './kuma-history.ts'
import { isOn, type KumaMonitor } from './kuma-monitor.ts'
import { type KumaContent, type KumaNotification, type KumaTag, kumaPlan } from './kuma-plan.ts'

interface Pair {
  readonly of: number
  readonly other: number
}

/** Pairs of a table that joins two; none where an older version has no such table. */
const pairs = (
  db: SourceDatabase,
  table: string,
  of: string,
  other: string,
): ReadonlyMap<number, readonly number[]> => {
  if (!db.columns(table)) return new Map()
  const rows = db.rows<Pair>(`select ${of} as "of", ${other} as other from ${table} order by id`)
  const grouped = Map.groupBy(rows, (row) => row.of)
  return new Map([...grouped].map(([key, those]) => [key, those.map((row) => row.other)]))
}

const tagsOf = (db: SourceDatabase): ReadonlyMap<number, readonly KumaTag[]> => {
  if (!db.columns('monitor_tag')) return new Map()
  const query = `select mt.monitor_id as monitor, t.name, mt.value from monitor_tag mt join tag t on t.id = mt.tag_id order by mt.id`
  return Map.groupBy(db.rows<KumaTag & { monitor: number }>(query), ({ monitor }) => monitor)
}

const serverZone = (db: SourceDatabase, fallback: string): string => {
  if (!db.columns('setting')) return fallback
  const [row] = db.rows<{ value: string }>("select value from setting where key = 'serverTimezone'")
  const zone = String(row?.value ?? '').replaceAll('"', '')
  return zone !== '' && isTimeZone(zone) ? zone : fallback
}

const contentOf = (db: SourceDatabase, file: SourceFile, context: ReadingContext): KumaContent => ({
  monitors: db.rows<KumaMonitor>('select * from monitor order by id'),
  notifications: db.columns('notification')
    ? db.rows<KumaNotification>('select id, name, config, active from notification order by id')
    : [],
  maintenance: db.columns('maintenance') ? db.rows<KumaMonitor>('select * from maintenance order by id') : [],
  notified: pairs(db, 'monitor_notification', 'monitor_id', 'notification_id'),
  tagged: tagsOf(db),
  maintained: pairs(db, 'monitor_maintenance', 'maintenance_id', 'monitor_id'),
  placeOf: (table, row): Place => ({ file: file.name, table, row }),
  serverZone: serverZone(db, context.timeZone),
})

interface Change {
  readonly id: number
  readonly status: number
  readonly time: string
}

/** Its times are UTC and say no zone. */
const momentOf = (time: string): number | null => {
  const at = Date.parse(`${time.replace(' ', 'T')}${time.endsWith('Z') ? '' : 'Z'}`)
  return Number.isFinite(at) ? at : null
}

/** Changes that are looked back at for the beginning of an outage: a look that is tried again makes several of one. */
const LOOKED_BACK_AT = 200

/** Since when a monitor is down, ms; undefined where it is not. */
const downSince = (db: SourceDatabase, id: number): number | null | undefined => {
  const last = db.rows<Change>(
    'select id, status, time from heartbeat where monitor_id = ? order by time desc limit 20',
    id,
  )
  const sure = last.find(({ status }) => status !== KUMA_STATUS.pending)
  if (sure?.status !== KUMA_STATUS.down) return undefined
  const query = `select id, status, time from heartbeat where monitor_id = ? and important = 1 order by time desc limit ${LOOKED_BACK_AT}`
  let began: Change | undefined
  for (const change of db.rows<Change>(query, id)) {
    if (change.status === KUMA_STATUS.pending) continue
    if (change.status !== KUMA_STATUS.down) break
    began = change
  }
  return momentOf(String((began ?? sure).time))
}

const downOf = (db: SourceDatabase, content: KumaContent, names: ReadonlyMap<number, string>): WasDown[] =>
  content.monitors.flatMap((monitor) => {
    const id = Number(monitor.id)
    const name = names.get(id)
    if (name === undefined || !isOn(monitor.active ?? 1)) return []
    const since = downSince(db, id)
    return since === undefined
      ? []
      : [
          {
            monitor: name,
            since,
            toldAt: since,
            place: { file: content.placeOf('monitor', id).file, table: 'monitor', row: id },
          },
        ]
  })

/** Changes of one monitor that come in at most: the newest. */
const MOST_CHANGES = 1000

/**
 * How a monitor went: its important beats, of which those that wait for another try say nothing; two that say the same are
 * one change. After its last beat nobody looked.
 */
const changesOf = (db: SourceDatabase, id: number): PastChanges['changes'] => {
  const sure = `select id, status, time from heartbeat where monitor_id = ? and important = 1 and status <> ${KUMA_STATUS.pending} order by time desc limit ${MOST_CHANGES}`
  const beats = db.rows<Change>(sure, id).toReversed()
  const changes: PastChanges['changes'][number][] = []
  for (const { status, time } of beats) {
    const at = momentOf(String(time))
    const to = status === KUMA_STATUS.down ? 'down' : status === KUMA_STATUS.up ? 'up' : 'unknown'
    const last = changes.at(-1)
    if (at !== null && at > 0 && last?.to !== to && at >= (last?.at ?? 0)) changes.push({ to, at })
  }
  // What lasts is told by itself.
  if (changes.at(-1)?.to === 'down') return changes.slice(0, -1)
  const query = 'select id, status, time from heartbeat where monitor_id = ? order by time desc limit 1'
  const [last] = db.rows<Change>(query, id)
  const open = changes.at(-1)
  if (open?.to !== 'up') return changes
  const end = last === undefined ? null : momentOf(String(last.time))
  return [...changes, { to: 'unknown', at: Math.max(end ?? 0, open.at + 1) }]
}

const pastOf = (db: SourceDatabase, names: ReadonlyMap<number, string>): PastChanges[] =>
  [...names].flatMap(([id, monitor]) => {
    const changes = changesOf(db, id)
    return changes.some(({ to }) => to === 'down') ? [{ monitor, changes }] : []
  })

const read = (_source: Source, file: SourceFile, context: ReadingContext): ImportPlan => {
  const db = openSourceDatabase(file)
  try {
    const content = contentOf(db, file, context)
    const { plan, names } = kumaPlan('kuma', content, context.now)
    const hasBeats = db.columns('heartbeat') !== undefined
    return {
      ...plan,
      ...(hasBeats
        ? { down: downOf(db, content, names), past: pastOf(db, names), history: () => kumaHistory(db, names, context) }
        : {
            remarks: [
              ...(plan.remarks ?? []),
              { what: file.name, place: { file: file.name }, why: because('import_no_history') },
            ],
          }),
      close: db.close,
    }
  } catch (error) {
    db.close()
    throw error
  }
}

/** `kuma.db` of Uptime Kuma 1.x and 2.x: monitors, who is told, planned work, and history. */
export const kumaDatabase = defineImporter({
  kind: 'kuma',
  title: 'Uptime Kuma (kuma.db)',
  recognises: (file) => isDatabaseWith(file, ['monitor', 'heartbeat', 'monitor_notification'], 'kuma.db'),
  read,
})
