import { because } from '#core/cause/cause.ts'
import { isObject } from '#lib/json.ts'
import { type ImportPlan, type ReadingContext, SourceError } from '../import-plan.ts'
import { defineImporter } from '../importer.ts'
import type { Source, SourceFile } from '../source.ts'
import { readJson } from '../text/json-text.ts'
import type { KumaMonitor } from './kuma-monitor.ts'
import { type KumaNotification, type KumaTag, kumaPlan } from './kuma-plan.ts'

type Json = Readonly<Record<string, unknown>>

/** Names that are no plain change of case. */
const COLUMNS: Readonly<Record<string, string>> = {
  accepted_statuscodes: 'accepted_statuscodes_json',
  ignoreTls: 'ignore_tls',
}

const columnOf = (name: string): string =>
  COLUMNS[name] ?? name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const asRow = (monitor: Json): KumaMonitor =>
  Object.fromEntries(Object.entries(monitor).map(([name, value]) => [columnOf(name), value]))

const listOf = (value: unknown): Json[] =>
  Array.isArray(value) ? value.filter((one): one is Json => isObject(one)) : []

const read = (_source: Source, file: SourceFile, context: ReadingContext): ImportPlan => {
  const backup = readJson(file)
  if (!isObject(backup) || !Array.isArray(backup.monitorList))
    throw new SourceError({ file: file.name, line: 1 }, because('import_kind_not_found', { kind: 'kuma-backup' }))
  const monitors = listOf(backup.monitorList)
  const byId = <T>(ofOne: (monitor: Json) => T): Map<number, T> =>
    new Map(monitors.map((one) => [Number(one.id), ofOne(one)]))
  const { plan } = kumaPlan(
    'kuma-backup',
    {
      monitors: monitors.map(asRow),
      notifications: listOf(backup.notificationList) as unknown as KumaNotification[],
      maintenance: [],
      notified: byId(({ notificationIDList: list }) =>
        isObject(list) ? Object.entries(list).flatMap(([id, on]) => (on ? [Number(id)] : [])) : [],
      ),
      tagged: byId(({ tags }) =>
        listOf(tags).map(
          ({ name, value }): KumaTag => ({ name: String(name), value: value == null ? null : String(value) }),
        ),
      ),
      maintained: new Map(),
      placeOf: (table, row) => ({ file: file.name, table, row }),
      serverZone: context.timeZone,
    },
    context.now,
  )
  const remark = { what: file.name, place: { file: file.name }, why: because('import_no_history') }
  return { ...plan, remarks: [...(plan.remarks ?? []), remark] }
}

/** The backup that Uptime Kuma 1.x writes: no history is in it. */
export const kumaBackup = defineImporter({
  kind: 'kuma-backup',
  title: 'Uptime Kuma 1.x (backup, JSON)',
  recognises: (file) => {
    const head = file.headText()
    return /^\s*\{/.test(head) && /"(?:monitorList|notificationList)"\s*:/.test(head)
  },
  read,
})
