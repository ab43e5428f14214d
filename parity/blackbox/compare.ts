import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createProbeHandler } from '#api/probe.ts'
import { parseBlackboxModules } from '#config/blackbox.ts'
import { problemText } from '#config/source.ts'
import { createProbeTools } from '#engine/tools.ts'
import { systemTimers } from '#lib/time/timers.ts'
import type { MakeGroup, ProbeCase } from './case.ts'
import { startPeer } from './peer.ts'

type Metrics = ReadonlyMap<string, number>

const metricsOf = (text: string): Metrics =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )

/** Figures that measure time differ from one look to the next. */
const isTime = (name: string): boolean => /_duration_seconds|_lookup_time_seconds/.test(name)

export interface Compared {
  readonly looks: number
  /** Looks that the original calls a success. */
  readonly successes: number
  /** One line each. */
  readonly differences: readonly string[]
}

const differencesOf = (of: string, ours: Metrics, theirs: Metrics): string[] =>
  [...new Set([...theirs.keys(), ...ours.keys()])].flatMap((name) => {
    const differs = isTime(name) ? ours.has(name) !== theirs.has(name) : ours.get(name) !== theirs.get(name)
    return differs ? [`${of}: ${name} is ${ours.get(name)}, theirs ${theirs.get(name)}`] : []
  })

/** Looks that wait for a time-out wait together. */
const AT_ONCE = 16

/** Asks both of everything in a group. */
export const compareGroup = async (make: MakeGroup): Promise<Compared> => {
  const closers: (() => void)[] = []
  const folder = mkdtempSync(join(tmpdir(), 'vigia-beside-'))
  const tools = createProbeTools()
  closers.push(
    () => tools.close(),
    () => rmSync(folder, { recursive: true, force: true }),
  )
  try {
    const { modules, ours: own = modules, cases, passedOver } = await make((close) => closers.push(close))
    const file = join(folder, 'blackbox.yml')
    writeFileSync(file, JSON.stringify({ modules }))
    const loaded = parseBlackboxModules(JSON.stringify({ modules: own }), file)
    const peer = await startPeer(file)
    closers.push(peer.close)
    const handle = createProbeHandler({ tools, timers: systemTimers, modules: () => loaded.modules })
    let successes = 0
    const look = async (one: ProbeCase): Promise<readonly string[]> => {
      const query = new URLSearchParams({ ...one })
      const answer = await fetch(`${peer.url}/probe?${query}`)
      const theirs = await answer.text()
      const ours = await handle(one)
      const of = `${one.module} at ${one.target}${one.hostname === undefined ? '' : ` as ${one.hostname}`}`
      if (answer.status !== ours.status) return [`${of}: answers ${ours.status}, theirs ${answer.status} ${theirs}`]
      if (!answer.ok) return []
      const metrics = metricsOf(theirs)
      successes += metrics.get('probe_success') ?? 0
      const found = differencesOf(of, metricsOf(ours.body), metrics)
      const failed = metrics.get('probe_success') === 0 && passedOver?.modules.test(one.module)
      return failed ? found.filter((line) => !line.includes(`: ${passedOver!.metric} is`)) : found
    }
    const differences = loaded.problems.map(problemText)
    const waiting = [...cases]
    const worker = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) differences.push(...(await look(next)))
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    return { looks: cases.length, successes, differences }
  } finally {
    for (const close of closers.reverse()) close()
  }
}
