import { basename } from 'node:path'
import type { MonitorEntry } from '#config/monitor-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import { isObject } from '#lib/json.ts'
import { parseDuration } from '#lib/time/duration.ts'
import { type Found, type ImportPlan, type Left, type Place, SourceError } from '../import-plan.ts'
import { defineImporter } from '../importer.ts'
import { createNames } from '../names.ts'
import type { Source, SourceFile } from '../source.ts'
import { shortened } from '../text/lines.ts'
import { readYaml } from '../text/yaml-text.ts'
import { blackboxLook, USUAL_MODULES } from './blackbox-look.ts'

type Values = Readonly<Record<string, unknown>>

const objectsOf = (value: unknown): Values[] =>
  Array.isArray(value) ? value.filter((one): one is Values => isObject(one)) : []
const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : []

/** True for a job whose targets are looked at by blackbox_exporter: they are its parameter. */
const isBlackbox = (job: Values): boolean =>
  isObject(job.params) && job.params.module !== undefined
    ? true
    : objectsOf(job.relabel_configs).some(({ target_label }) => target_label === '__param_target')

interface Target {
  readonly address: string
  readonly labels: Readonly<Record<string, string>>
  readonly place: Place
}

const groupTargets = (group: Values, place: Place): Target[] => {
  const labels = isObject(group.labels)
    ? Object.fromEntries(Object.entries(group.labels).map(([key, value]) => [key, String(value)]))
    : {}
  return textsOf(group.targets).map((address) => ({ address, labels, place }))
}

/** A pattern of file names with stars, as its file_sd has them, in the last part alone. */
const fits = (pattern: string, name: string): boolean =>
  new RegExp(
    `^${basename(pattern)
      .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '[^/]*')}$`,
  ).test(basename(name))

const fileTargets = (
  patterns: readonly string[],
  source: Source,
  main: SourceFile,
  left: Left[],
  place: Place,
): Target[] =>
  patterns.flatMap((pattern) => {
    const found = pattern.includes('*')
      ? source.files.filter(({ name }) => fits(pattern, name))
      : [source.file(pattern, main) ?? source.file(basename(pattern), main)].filter((one) => one !== undefined)
    if (found.length === 0)
      left.push({ what: 'file_sd_configs', place, why: because('import_file_missing', { file: shortened(pattern) }) })
    return found.flatMap((file) => {
      const yaml = readYaml(file)
      return objectsOf(yaml.value).flatMap((group, index) =>
        groupTargets(group, { file: file.name, line: yaml.lineOf([index]) }),
      )
    })
  })

/** Modules of the files beside it, over those that everybody has. */
const modulesOf = (source: Source, main: SourceFile): Readonly<Record<string, Values>> => {
  const beside = ['blackbox.yml', 'blackbox.yaml']
    .map((name) => source.file(name, main))
    .find((file) => file !== undefined)
  const file = beside ?? source.files.find(({ name }) => /blackbox[^/]*\.ya?ml$/.test(name))
  const content = file && readYaml(file).value
  const modules = isObject(content) && isObject(content.modules) ? content.modules : {}
  return { ...USUAL_MODULES, ...(modules as Record<string, Values>) }
}

const durationIn = (...values: readonly unknown[]): string | undefined =>
  values.map(String).find((value) => (parseDuration(value) ?? 0) > 0)

const labelsOf = (job: string, labels: Target['labels']) => {
  const plain = Object.entries({ job, ...labels }).filter(([name]) => /^[A-Za-z][A-Za-z0-9_]{0,99}$/.test(name))
  return Object.fromEntries(plain.map(([name, value]) => [name, value.slice(0, 1000)]))
}

const read = (source: Source, main: SourceFile): ImportPlan => {
  const yaml = readYaml(main)
  const content = yaml.value
  if (!isObject(content))
    throw new SourceError({ file: main.name, line: 1 }, because('import_kind_not_found', { kind: 'prometheus' }))
  const modules = modulesOf(source, main)
  const global = isObject(content.global) ? content.global : {}
  const nameOf = createNames()
  const monitors: Found<MonitorEntry>[] = []
  const left: Left[] = []
  for (const [index, job] of objectsOf(content.scrape_configs).entries()) {
    const called = String(job.job_name ?? '')
    const place = { file: main.name, line: yaml.lineOf(['scrape_configs', index]) }
    if (!isBlackbox(job)) {
      left.push({
        what: called,
        place,
        why: because('import_setting_left', { setting: `job ${shortened(called)} (metrics)` }),
      })
      continue
    }
    const other = Object.keys(job).filter((key) => /_sd_configs$/.test(key) && key !== 'file_sd_configs')
    for (const setting of other) left.push({ what: called, place, why: because('import_setting_left', { setting }) })
    const [module = 'http_2xx'] = textsOf(isObject(job.params) ? job.params.module : undefined)
    const targets = [
      ...objectsOf(job.static_configs).flatMap((group) => groupTargets(group, place)),
      ...objectsOf(job.file_sd_configs).flatMap(({ files }) => fileTargets(textsOf(files), source, main, left, place)),
    ]
    const every = durationIn(job.scrape_interval, global.scrape_interval) ?? '1m'
    const patience = durationIn(modules[module]?.timeout, job.scrape_timeout, global.scrape_timeout) ?? '10s'
    const timeout = `${Math.min(parseDuration(patience)!, parseDuration(every)!)}ms`
    for (const target of targets) {
      const made = Object.hasOwn(modules, module) ? blackboxLook(target.address, modules[module]!) : undefined
      if (!made) {
        left.push({
          what: target.address,
          place: target.place,
          why: because('import_kind_unknown', { kind: `module ${shortened(module)}` }),
        })
        continue
      }
      const { name, notes: renamed } = nameOf(target.labels.instance ?? target.address, called)
      const notes: Cause[] = [...made.notes, ...renamed]
      const entry = {
        name,
        ...made.look,
        interval: every,
        retry_interval: every,
        recovery_interval: every,
        timeout,
        labels: labelsOf(called, target.labels),
      }
      monitors.push({ key: `${called} ${target.address}`, place: target.place, notes, entry })
    }
  }
  return { kind: 'prometheus', tool: 'Prometheus', monitors, left }
}

/** Jobs of Prometheus that look through blackbox_exporter, with their modules and the files of their targets. */
export const prometheus = defineImporter({
  kind: 'prometheus',
  title: 'Prometheus with blackbox_exporter (YAML)',
  recognises: (file) => /\.ya?ml$/i.test(file.name) && /^scrape_configs:/m.test(file.headText()),
  read,
})
