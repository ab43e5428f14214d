import { realpathSync } from 'node:fs'
import { because } from '#core/cause/cause.ts'
import { isArchive, unpack } from './archive/unpack.ts'
import { bashScript } from './bash-script.ts'
import { csvTester } from './csv-tester.ts'
import { environmentFile } from './environment-file.ts'
import { gatus } from './gatus/gatus.ts'
import { healthchecks } from './healthchecks.ts'
import { type ImportPlan, type ReadingContext, type Refused, SourceError } from './import-plan.ts'
import type { Importer } from './importer.ts'
import { kumaBackup } from './kuma/kuma-backup.ts'
import { kumaDatabase } from './kuma/kuma-database.ts'
import { list } from './list.ts'
import { nagios } from './nagios/nagios.ts'
import { netwatch } from './netwatch.ts'
import { alertmanager } from './prometheus/alertmanager.ts'
import { prometheus } from './prometheus/prometheus.ts'
import { pythonServices } from './python-services.ts'
import { securityPanel } from './security-panel.ts'
import { smokeping } from './smokeping/smokeping.ts'
import { openSource, type Source, type SourceFile } from './source.ts'
import { zabbix } from './zabbix.ts'

/** Every format, in the order in which they are asked: the only list. */
export const importers: readonly Importer[] = [
  bashScript,
  csvTester,
  pythonServices,
  securityPanel,
  environmentFile,
  kumaDatabase,
  kumaBackup,
  gatus,
  healthchecks,
  smokeping,
  nagios,
  prometheus,
  alertmanager,
  zabbix,
  netwatch,
  list,
]

/** A plan, and the file that it was read from. */
export interface ReadPlan {
  readonly plan: ImportPlan
  readonly path: string
}

export type ReadImport =
  | { readonly ok: true; readonly plans: readonly ReadPlan[] }
  | { readonly ok: false; readonly refused: readonly Refused[] }

interface Recognised {
  readonly importer: Importer
  readonly file: SourceFile
}

const kindsText = (): string => importers.map(({ kind }) => kind).join(', ')

/** The files of a source, each with who of some reads it. */
const recognisedBy = (source: Source, asked: readonly Importer[]): Recognised[] => {
  const together = new Set<Importer>()
  return source.files.flatMap((file) => {
    const importer = asked.find(({ recognises }) => file.size > 0 && recognises(file, source))
    if (!importer || together.has(importer)) return []
    if (importer.together) together.add(importer)
    return [{ importer, file }]
  })
}

const recognise = (source: Source, kind: string | undefined): Recognised[] => {
  const named = importers.filter((one) => one.kind === kind)
  // Who was named reads a single file, whatever it looks like.
  if (named[0] && source.files.length === 1) return [{ importer: named[0], file: source.files[0]! }]
  if (named[0]) return recognisedBy(source, named)
  const first = recognisedBy(
    source,
    importers.filter(({ last }) => !last),
  )
  return first.length > 0
    ? first
    : recognisedBy(
        source,
        importers.filter(({ last }) => last),
      )
}

const isBare = ({ monitors, channels, rules, maintenance, left, remarks }: ImportPlan): boolean =>
  [monitors, channels, rules, maintenance, left, remarks].every((things = []) => things.length === 0)

/**
 * Reads a file or a folder of another tool to plans, one for each file that is recognised. Nothing of it is changed. Whatever
 * is wrong with any of its files refuses all: nobody should move over by half without knowing.
 */
export const readImport = (given: string, kind: string | undefined, context: ReadingContext): ReadImport => {
  const [packed, ...others] = packedIn(given)
  if (!packed || others.length > 0 || !isArchive(packed)) return readUnpacked(given, kind, context)
  try {
    const { folder, remove } = unpack(packed, context.scratch)
    const read = readUnpacked(folder, kind, context)
    if (!read.ok) {
      remove()
      return { ok: false, refused: read.refused.map((one) => outOf(one, folder, packed.name)) }
    }
    const [first, ...rest] = read.plans.map(({ plan, path }) => ({
      plan,
      path: path.replace(realpathSync(folder), () => packed.path),
    }))
    const close = () => {
      first!.plan.close?.()
      remove()
    }
    return { ok: true, plans: [{ ...first!, plan: { ...first!.plan, close } }, ...rest] }
  } catch (error) {
    if (error instanceof SourceError) return { ok: false, refused: [{ place: error.place, why: error.why }] }
    throw error
  }
}

/** The files of a source, where it may be an archive; none where it is not there. */
const packedIn = (given: string): readonly SourceFile[] => {
  try {
    return openSource(given).files
  } catch (error) {
    if (error instanceof SourceError) return []
    throw error
  }
}

/** People know the archive, and not where it was unpacked. */
const outOf = (refused: Refused, folder: string, name: string): Refused =>
  refused.place.file === folder ? { ...refused, place: { ...refused.place, file: name } } : refused

const readUnpacked = (given: string, kind: string | undefined, context: ReadingContext): ReadImport => {
  const refuse = (...refused: readonly Refused[]): ReadImport => ({ ok: false, refused })
  if (kind !== undefined && !importers.some((one) => one.kind === kind))
    return refuse({ place: { file: given }, why: because('import_kind_not_known', { kind, kinds: kindsText() }) })
  try {
    const source = openSource(given)
    const found = recognise(source, kind)
    if (found.length === 0) {
      const why =
        kind === undefined
          ? because('import_not_recognised', { kinds: kindsText() })
          : because('import_kind_not_found', { kind })
      return refuse({ place: { file: given }, why })
    }
    const plans: ReadPlan[] = []
    const refused: Refused[] = []
    for (const { importer, file } of found)
      try {
        plans.push({ plan: importer.read(source, file, context), path: file.path })
      } catch (error) {
        // So deep that its reader ran out of room: nobody writes that by hand.
        if (error instanceof RangeError)
          refused.push({ place: { file: file.name }, why: because('import_bad_syntax', { why: error.message }) })
        else if (error instanceof SourceError) refused.push(error)
        else throw error
      }
    if (refused.length === 0 && plans.every(({ plan }) => isBare(plan)))
      refused.push({ place: { file: given }, why: because('import_empty') })
    if (refused.length === 0) return { ok: true, plans }
    for (const { plan } of plans) plan.close?.()
    return refuse(...refused.map(({ place, why, table }) => ({ place, why, ...(table && { table }) })))
  } catch (error) {
    if (error instanceof SourceError) return refuse({ place: error.place, why: error.why })
    throw error
  }
}
