import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type CaptureResult, runCapture, typeOf } from './captures.ts'
import { reportDga } from './dga-report.ts'
import { readNames } from './dga-training.ts'
import { expectations, isBenignCapture } from './expected.ts'
import { readLabels } from './labels.ts'
import { createRankedTruth } from './ranked-truth.ts'

/**
 * `npm run evaluate -- DIR [--json]`: what the detectors find, miss and say falsely on labelled logs. DIR holds
 * `zeek/CAPTURE/…`, `dns-tunnel/{tunnel,normal}-*` and `dga/domains.csv`, each of them optional.
 */

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true })
const [dir] = positionals
if (dir === undefined || !existsSync(dir)) {
  console.error(dir === undefined ? 'usage: npm run evaluate -- DIR [--json]' : `${dir}: no such folder`)
  process.exit(2)
}

const DAY_MS = 86_400_000

interface CaptureReport {
  readonly capture: string
  readonly records: number
  readonly days: number
  /** Events by type. */
  readonly events: Readonly<Record<string, number>>
  readonly found: readonly string[]
  readonly missed: readonly string[]
  /** Events about machines whose labels are benign, by type, per machine and day; null without labels. */
  readonly falsePerHostAndDay: Readonly<Record<string, number>> | null
  readonly benignHosts: number
  /** Events about machines of which labels say malicious, by type; null without labels. */
  readonly aboutMalicious: Readonly<Record<string, number>> | null
}

const below = (name: string): string[] => {
  const folder = join(dir, name)
  return existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map((entry) => join(folder, entry))
    : []
}

/** Captures of a folder: itself, or each of the folders in it where there are several and nothing else. */
const capturesOf = (path: string): string[] => {
  const entries = readdirSync(path).map((entry) => join(path, entry))
  return entries.length > 1 && entries.every((entry) => statSync(entry).isDirectory()) ? entries.sort() : [path]
}

const countTypes = (types: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const type of types) counts[type] = (counts[type] ?? 0) + 1
  return counts
}

/** Events about machines that are known to be benign, and the days on which those were seen. */
const ranked = createRankedTruth()
const falseAlerts = { byType: {} as Record<string, number>, count: 0, hostDays: 0 }

const noteBenign = ({ events, hostDays }: CaptureResult, isBenign: (ip: string) => boolean): void => {
  for (const [ip, days] of hostDays) if (isBenign(ip)) falseAlerts.hostDays += days
  for (const event of events) {
    if (typeof event.data.ip !== 'string' || !isBenign(event.data.ip)) continue
    falseAlerts.count++
    falseAlerts.byType[typeOf(event)] = (falseAlerts.byType[typeOf(event)] ?? 0) + 1
  }
}

/** Machines of a network's own, as far as captures show it. */
const isPrivate = (ip: string): boolean => /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(ip)

const reportCapture = async (path: string, result: CaptureResult): Promise<CaptureReport> => {
  const { records, events, firstMs, lastMs } = result
  const capture = path.slice(join(dir, 'zeek').length + 1)
  const hits = (type: string, ip: string, dest?: string) =>
    events.some((event) => typeOf(event) === type && event.data.ip === ip && (!dest || event.data.dest_ip === dest))
  const expected = expectations.filter((one) => capture.includes(one.capture))
  const labels = await readLabels(path)
  const known = new Set(expected.map(({ ip }) => ip))
  if (labels) noteBenign(result, (ip) => labels.benign.has(ip) && !known.has(ip))
  else if (isBenignCapture(capture)) noteBenign(result, isPrivate)
  const bad = new Set([...(labels?.malicious ?? []), ...known])
  ranked.add(capture, [...events, ...result.signals], isPrivate, (ip) => {
    if (bad.has(ip)) return true
    return labels?.benign.has(ip) || (isBenignCapture(capture) && isPrivate(ip)) ? false : undefined
  })
  // A capture of minutes is not stretched to a day, and half a day counts as one.
  const days = Math.max(1, (lastMs - firstMs) / DAY_MS)
  const about = (machines: ReadonlySet<string>) =>
    events.filter(({ data }) => typeof data.ip === 'string' && machines.has(data.ip)).map(typeOf)
  const perHostAndDay = Object.entries(labels ? countTypes(about(labels.benign)) : {}).map(
    ([type, count]) => [type, count / Math.max(1, labels?.benign.size ?? 1) / days] as const,
  )
  const named = (holds: boolean) =>
    expected.filter(({ type, ip, dest }) => hits(type, ip, dest) === holds).map(({ type, what }) => `${type}: ${what}`)
  return {
    capture,
    records,
    days: Math.round(days * 100) / 100,
    events: countTypes(events.map(typeOf)),
    found: named(true),
    missed: named(false),
    falsePerHostAndDay: labels ? Object.fromEntries(perHostAndDay) : null,
    benignHosts: labels?.benign.size ?? 0,
    aboutMalicious: labels ? countTypes(about(labels.malicious)) : null,
  }
}

const captures: CaptureReport[] = []
for (const path of below('zeek')
  .filter((entry) => statSync(entry).isDirectory())
  .flatMap(capturesOf))
  captures.push(await reportCapture(path, await runCapture(path)))

const tunnels: { file: string; records: number; tunnel: boolean; pairs: number; otherEvents: number }[] = []
for (const path of below('dns-tunnel')) {
  const file = path.slice(path.lastIndexOf('/') + 1)
  const result = await runCapture(path)
  const { records, events } = result
  const normal = file.startsWith('normal')
  if (normal) noteBenign(result, () => true)
  ranked.add(file, [...events, ...result.signals], isPrivate, () => !normal)
  const found = events.filter((event) => typeOf(event) === 'dns_tunneling')
  tunnels.push({
    file,
    records,
    tunnel: !file.startsWith('normal'),
    pairs: new Set(found.map(({ data }) => `${data.ip} ${data.domain}`)).size,
    otherEvents: events.length - found.length,
  })
}

const csv = join(dir, 'dga/domains.csv')
const dga = existsSync(csv) ? reportDga(readNames(readFileSync(csv, 'utf8'))) : undefined

const perThousand = falseAlerts.hostDays === 0 ? null : (falseAlerts.count / falseAlerts.hostDays) * 1000

if (values.json) {
  console.log(
    JSON.stringify(
      {
        falsePerThousandHostDays: perThousand,
        falseAlerts,
        ranked: ranked.report(),
        captures,
        tunnels,
        dga: dga ?? null,
      },
      null,
      2,
    ),
  )
  process.exit(0)
}

const shown = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([type, count]) => `${type} ${Number.isInteger(count) ? count : count.toFixed(2)}`)
    .join(', ') || 'none'

console.log(
  perThousand === null
    ? 'False alerts per 1,000 host-days: no machine is known to be benign'
    : `False alerts per 1,000 host-days: ${perThousand.toFixed(1)} (${falseAlerts.count} in ${falseAlerts.hostDays} host-days: ${shown(falseAlerts.byType)})`,
)
const { precision, of, first } = ranked.report()
console.log(
  `Ranked list: ${precision === null ? 'nobody on it of whom anything is known' : `precision at ${of} ${precision.toFixed(2)}`}`,
)
for (const { capture, ip, score, bad, kinds } of first)
  console.log(`  ${String(score).padStart(5)}  ${bad ? 'yes  ' : 'FALSE'}  ${ip} of ${capture}: ${kinds.join(', ')}`)
for (const report of captures) {
  const { capture, records, days, events, found, missed, falsePerHostAndDay, benignHosts, aboutMalicious } = report
  console.log(`\n${capture}: ${records} records, ${days} days`)
  console.log(`  events  ${shown(events)}`)
  for (const what of found) console.log(`  found   ${what}`)
  for (const what of missed) console.log(`  MISSED  ${what}`)
  if (aboutMalicious) console.log(`  about malicious machines: ${shown(aboutMalicious)}`)
  if (falsePerHostAndDay)
    console.log(`  false   per benign host and day, ${benignHosts} of them: ${shown(falsePerHostAndDay)}`)
}
if (tunnels.length > 0) console.log('\nDNS tunnels')
for (const { file, records, tunnel, pairs, otherEvents } of tunnels) {
  const verdict = tunnel ? (pairs > 0 ? 'found ' : 'MISSED') : pairs === 0 ? 'silent' : 'FALSE '
  console.log(`  ${verdict}  ${file}: ${records} queries, ${pairs} pairs, ${otherEvents} other events`)
}
if (dga) {
  console.log(`\nNames made by programs, families left out of training, against ${dga.chosen} chosen names`)
  for (const { family, names, recall, hosts, told, by } of dga.families)
    console.log(
      `  ${family.padEnd(20)} ${String(names).padStart(5)} names  recall ${recall.toFixed(2)} at 1 %  hosts ${hosts.toFixed(2)} at 0.1 %, told ${told.toFixed(2)}  (${by})`,
    )
  console.log(`  all names: recall ${dga.recall.toFixed(2)} at 1 %, area ${dga.area?.toFixed(3) ?? '-'}`)
  console.log(
    `  families found by machine: ${dga.hostsFound.toFixed(2)}, told by the detector: ${dga.hostsTold.toFixed(2)}`,
  )
}
