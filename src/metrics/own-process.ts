import { readdirSync, readFileSync } from 'node:fs'
import { constants, PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics } from 'node:v8'
import { labelText } from '#lib/text/label-text.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { type Family, type FamilyType, type Format, header, numberText, sampleName } from './exposition.ts'
import { boundsOf, createHistogram, type Histogram } from './histogram.ts'

type Labels = Readonly<Record<string, string>>
type Sample = readonly [value: number, labels?: Labels]

const GC_BOUNDS = boundsOf([0.001, 0.01, 0.1, 1, 2, 5])
const GC_KINDS: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
}
const GC: Family = {
  name: 'nodejs_gc_duration_seconds',
  type: 'histogram',
  help: 'Time that garbage collection took, by its kind.',
}

const block = (name: string, type: FamilyType, help: string, samples: readonly Sample[], format: Format): string => {
  const family = { name, type, help }
  const lines = samples.map(
    ([value, labels = {}]) => `${sampleName(family)}${labelText(labels)} ${numberText(value)}\n`,
  )
  return samples.length === 0 ? '' : header(family, format) + lines.join('')
}

/** What the kernel says of this process; undefined where it has no such files. */
const ofKernel = () => {
  try {
    const status = readFileSync('/proc/self/status', 'utf8')
    const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024
    const limit = /^Max open files +(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    return {
      virtual: bytes('VmSize'),
      heap: bytes('VmData'),
      // The folder that is read is one of them.
      open: readdirSync('/proc/self/fd').length - 1,
      most: limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit),
    }
  } catch {
    return undefined
  }
}

/** How late what is to be done at once is done, s. */
const loopDelay = async (): Promise<number> => {
  const began = performance.now()
  await systemTimers.turn()
  return (performance.now() - began) / 1000
}

/** What Node tells of its innards, and may cease to tell. */
const innards = process as unknown as Readonly<
  Record<'_getActiveHandles' | '_getActiveRequests', (() => readonly object[]) | undefined>
>
const classesOf = (objects: readonly object[] = []): readonly string[] =>
  objects.map((one) => one.constructor?.name ?? 'Object')

/** How many there are of each. */
const counted = (names: readonly string[]): Sample[] =>
  Object.entries(Object.groupBy(names, (name) => name)).map(([type, all]) => [all!.length, { type }])

const processBlocks = (format: Format): string => {
  const gauge = (name: string, help: string, value: number | undefined) =>
    block(name, 'gauge', help, value === undefined ? [] : [[value]], format)
  const counter = (name: string, help: string, value: number) => block(name, 'counter', help, [[value]], format)
  const { user, system } = process.cpuUsage()
  const kernel = ofKernel()
  return [
    counter('process_cpu_user_seconds', 'CPU time spent in this program.', user / 1e6),
    counter('process_cpu_system_seconds', 'CPU time spent in the kernel for it.', system / 1e6),
    counter('process_cpu_seconds', 'CPU time spent.', (user + system) / 1e6),
    gauge('process_start_time_seconds', 'When the process started, since 1970.', performance.timeOrigin / 1000),
    gauge('process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
    gauge('process_virtual_memory_bytes', 'Virtual memory.', kernel?.virtual),
    gauge('process_heap_bytes', 'Memory for data.', kernel?.heap),
    gauge('process_open_fds', 'Open file descriptors.', kernel?.open),
    gauge('process_max_fds', 'File descriptors that may be open.', kernel?.most),
  ].join('')
}

const nodeBlocks = (delay: number, format: Format): string => {
  const gauge = (name: string, help: string, ...samples: readonly Sample[]) =>
    block(name, 'gauge', help, samples, format)
  const { heapTotal, heapUsed, external } = process.memoryUsage()
  const spaces = getHeapSpaceStatistics()
  const space = (name: string, of: (one: (typeof spaces)[number]) => number) =>
    gauge(
      `nodejs_heap_space_size_${name}_bytes`,
      `Heap by space, ${name}.`,
      ...spaces.map((one) => [of(one), { space: one.space_name.replace(/_space$/, '') }] as const),
    )
  const [, major, minor, patch] = /^v(\d+)\.(\d+)\.(\d+)/.exec(process.version)!
  return [
    gauge('nodejs_eventloop_lag_seconds', 'How late the main thread did what was to be done at once.', [delay]),
    gauge(
      'nodejs_active_resources',
      'What keeps the main thread alive, by type.',
      ...counted(process.getActiveResourcesInfo()),
    ),
    gauge('nodejs_active_handles', 'Open handles, by class.', ...counted(classesOf(innards._getActiveHandles?.()))),
    gauge(
      'nodejs_active_requests',
      'Requests under way, by class.',
      ...counted(classesOf(innards._getActiveRequests?.())),
    ),
    gauge('nodejs_heap_size_total_bytes', 'Heap of the main thread.', [heapTotal]),
    gauge('nodejs_heap_size_used_bytes', 'Of that, in use.', [heapUsed]),
    gauge('nodejs_external_memory_bytes', 'Memory outside of the heap that belongs to objects in it.', [external]),
    space('total', (one) => one.space_size),
    space('used', (one) => one.space_used_size),
    space('available', (one) => one.space_available_size),
    gauge('nodejs_version_info', 'Version of Node.', [
      1,
      { version: process.version, major: major!, minor: minor!, patch: patch! },
    ]),
  ].join('')
}

interface Collection extends PerformanceEntry {
  readonly detail: { readonly kind: number }
}

/** Hears of each garbage collection as long as it is not closed. */
const watchGarbage = () => {
  const kinds = new Map<string, Histogram>()
  const histogramOf = (kind: string) => kinds.get(kind) ?? kinds.set(kind, createHistogram(GC_BOUNDS)).get(kind)!
  const observer = new PerformanceObserver((list) => {
    for (const { detail, duration } of list.getEntries() as unknown as readonly Collection[])
      histogramOf(GC_KINDS[detail.kind] ?? 'other').observe(duration / 1000)
  })
  observer.observe({ entryTypes: ['gc'] })
  return {
    render: (format: Format): string =>
      header(GC, format) + [...kinds].map(([kind, histogram]) => histogram.render(GC, `kind="${kind}"`)).join(''),
    close: () => observer.disconnect(),
  }
}

export interface ProcessMetrics {
  render(format: Format): Promise<string>
  close(): void
}

/** CPU, memory, event-loop delay and garbage collection of this process, by the names that the field uses. */
export const createProcessMetrics = (): ProcessMetrics => {
  const garbage = watchGarbage()
  return {
    render: async (format) => processBlocks(format) + nodeBlocks(await loopDelay(), format) + garbage.render(format),
    close: garbage.close,
  }
}
