import { monitorsByAddress } from '#core/monitor/monitors-by-address.ts'
import { type Evidence, type ParentFindings, proposeParents } from '#core/monitor/parent-proposals.ts'
import { systemClock } from '#lib/time/clock.ts'
import { parseDuration } from '#lib/time/duration.ts'
import { iso } from '#lib/time/iso.ts'
import { probeTypes } from '#probes/index.ts'
import type { Storage } from '#storage/index.ts'
import { type AddCommand, CommandError, dataDir, printJson, printLines } from './command.ts'
import { withStorage } from './with-storage.ts'

const DAY_MS = 86_400_000

interface Flags {
  readonly data?: string
  readonly days: string
  readonly within: string
  readonly json?: boolean
}

const findParents = async (storage: Storage, from: number, withinMs: number) => {
  const monitors = await storage.monitors.list()
  const ways = new Map((await storage.paths.well()).map((path) => [path.monitorId, path]))
  const byAddress = monitorsByAddress(monitors, (monitor) => [
    ...(probeTypes.get(monitor.type)?.hosts?.(monitor.options) ?? []),
    // What a name stood for when the way was seen.
    ...(ways.has(monitor.id) ? [ways.get(monitor.id)!.address] : []),
  ])
  const transitions = await storage.transitions.since(from)
  const findings = proposeParents({
    monitors: monitors.map(({ id, name, parents = [] }) => ({
      id,
      name,
      parents: parents.flat(),
      path: ways.get(id),
    })),
    watching: (address) => byAddress.get(address),
    falls: transitions.filter(({ to, from }) => to === 'down' && from !== 'unknown'),
    withinMs,
  })
  return { findings, byAddress, monitors: monitors.length, ways: ways.size }
}

type Found = Awaited<ReturnType<typeof findParents>>

const evidenceText = (evidence: Evidence, byAddress: Found['byAddress']): string => {
  if (evidence.kind === 'falls') {
    const { together, ofParent, ofMonitor } = evidence
    return `${together} of its ${ofParent} falls took this one along, which fell ${ofMonitor} times`
  }
  const { path, distance } = evidence
  const named = (address: string) => {
    const name = byAddress.get(address)?.name
    return name === undefined ? address : `${JSON.stringify(name)} ${address}`
  }
  const way = path.hops.slice(distance - 1).map((hop) => (hop === null ? '(silent)' : named(hop)))
  const seen = new Date(path.at).toISOString().slice(0, 16)
  return `hop ${distance} on the way seen at ${seen}Z: ${[...way, path.address].join(' > ')}`
}

/** Names are written as JSON, which YAML reads whatever is in them. */
const text = ({ findings, byAddress, monitors, ways }: Found): string => {
  const { proposals, together } = findings
  const lines = proposals.flatMap(({ monitor, parent, evidence }) => [
    `# ${JSON.stringify(monitor)}`,
    `parents: [${JSON.stringify(parent)}]  # ${evidenceText(evidence, byAddress)}`,
  ])
  const unclear = together.map(
    ({ names, times }) =>
      `# These fell together ${times} times, and nothing tells who depends on whom: ${JSON.stringify(names)}`,
  )
  const known = `# The way to ${ways} of ${monitors} monitors is known.`
  if (lines.length + unclear.length === 0)
    return `${known} Nothing can be proposed yet: a server sees one way a second at most, and falls tell something after three.`
  return [
    known,
    '# Nothing was changed: write beside a monitor of your file what is right.',
    ...lines,
    ...unclear,
  ].join('\n')
}

const asJson = ({ findings, byAddress, monitors, ways }: Found) => ({
  monitors,
  ways,
  proposals: findings.proposals.map(({ monitor, parent, evidence }) => ({
    monitor,
    parents: [parent],
    evidence:
      evidence.kind === 'falls'
        ? {
            kind: 'falls',
            together: evidence.together,
            of_parent: evidence.ofParent,
            of_monitor: evidence.ofMonitor,
          }
        : { kind: 'path', distance: evidence.distance, hops: evidence.path.hops, seen_at: iso(evidence.path.at) },
    text: evidenceText(evidence, byAddress),
  })),
  together: findings.together satisfies ParentFindings['together'],
})

export const addSuggestParents: AddCommand = (program) => {
  program
    .command('suggest-parents')
    .description('propose parents from the ways to hosts that were seen and from what falls together; changes nothing')
    .option('--data <folder>', 'data folder')
    .option('--days <number>', 'falls of so many days back', '30')
    .option('--within <duration>', 'falls so close to one another belong together', '10s')
    .option('--json', 'print one JSON object')
    .action(({ data, days, within, json }: Flags) => {
      const withinMs = parseDuration(within)
      if (withinMs === undefined) throw new CommandError(`--within ${within}: not a duration; write 10s or 1m`)
      if (!/^\d{1,4}$/.test(days)) throw new CommandError(`--days ${days}: not a number of days; write 30`)
      return withStorage(dataDir(data), async (storage) => {
        const found = await findParents(storage, systemClock.now() - Number(days) * DAY_MS, withinMs)
        if (json) printJson(asJson(found))
        else printLines(text(found).split('\n'))
      })
    })
}
