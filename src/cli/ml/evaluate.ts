import { flowModelFile, flowModelOf } from '#detectors/flow/flow-model.ts'
import { printJson, printLines } from '../command.ts'
import { countHostDays, type HostDays } from './benign-days.ts'
import { collect } from './collect.ts'
import { isByConstruction } from './figures.ts'
import { judgeByTime, judgeLeftOut } from './judge-captures.ts'
import { figuresTable, meanF1, reliabilityTable } from './tables.ts'

export interface EvaluateOptions {
  readonly labels?: string
  readonly seed: number
  readonly made: number
  readonly json?: boolean
}

const NONE: HostDays = { benignHostDays: 0, benignEvents: 0, maliciousHosts: 0, foundHosts: 0 }

const added = (one: HostDays, other: HostDays): HostDays => ({
  benignHostDays: one.benignHostDays + other.benignHostDays,
  benignEvents: one.benignEvents + other.benignEvents,
  maliciousHosts: one.maliciousHosts + other.maliciousHosts,
  foundHosts: one.foundHosts + other.foundHosts,
})

/** Judges how good a model of these captures would be on a network that it never saw, and prints the tables. */
export const evaluate = async (paths: readonly string[], options: EvaluateOptions): Promise<void> => {
  const { captures, logs, labels } = await collect(paths, options)
  let hosts = NONE
  const leftOut = await judgeLeftOut(captures, options.seed, async ({ forest, calibration }, left) => {
    const card = { seed: 0, captures: [], made: 0, feedback: 0, reliability: [], left_out: [NO_FIGURES] }
    const model = flowModelOf(JSON.parse(JSON.stringify(flowModelFile(forest, calibration, card))))
    if ('error' in model) throw new Error(model.error)
    for (const { capture } of left)
      for (const log of logs.filter(({ name }) => name === capture))
        hosts = added(hosts, await countHostDays(log, model, labels))
  })
  const byTime = judgeByTime(captures, options.seed)
  const leaked = leftOut.figures.filter(isByConstruction).map(({ capture }) => capture)
  if (options.json === true) {
    printJson({
      left_out: leftOut.figures,
      mean_f1: meanF1(leftOut.figures),
      reliability: leftOut.reliability,
      hosts,
      by_time: byTime ?? null,
      by_construction: leaked,
    })
    return
  }
  const benign = leftOut.figures.filter((one) => one.benign > 0 && one.malicious === 0)
  const worst = Math.max(0, ...benign.map(({ false_rate }) => false_rate ?? 0))
  printLines([
    'Each capture judged by a model that saw neither it nor what belongs to it; told from confidence 0.8 on.',
    'Thresholds and probabilities come from the captures of training alone.',
    '',
    ...figuresTable(leftOut.figures),
    ...(leaked.length > 0
      ? [
          '',
          `* one of the trivial rules is how these labels were made, and their figures mean nothing: ${leaked.join(', ')}`,
        ]
      : []),
    '',
    `mean F1 of captures with both classes: ${meanF1(leftOut.figures)?.toFixed(3) ?? '–'}`,
    `highest false rate of a benign capture: ${(worst * 100).toFixed(2)} %`,
    `events about benign machines: ${hosts.benignEvents} in ${hosts.benignHostDays} host-days`,
    `malicious machines told of: ${hosts.foundHosts} of ${hosts.maliciousHosts}`,
    '',
    'Reliability: of connections with such a confidence, what share was malicious',
    ...reliabilityTable(leftOut.reliability),
    '',
    ...(byTime
      ? [
          `By time: trained on captures begun before ${new Date(byTime.untilMs).toISOString().slice(0, 10)}, judged by those since`,
          ...figuresTable(byTime.figures),
        ]
      : ['By time: too few captures with a clock and both classes before the split']),
  ])
}

const NO_FIGURES = {
  capture: '',
  malicious: 0,
  benign: 0,
  f1: null,
  precision: null,
  recall: null,
  false_rate: null,
  port_rule: null,
  silent_rule: null,
  inward_rule: null,
}
