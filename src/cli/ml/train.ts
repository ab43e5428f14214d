import { renameSync, writeFileSync } from 'node:fs'
import { type FlowCard, flowModelFile } from '#detectors/flow/flow-model.ts'
import { printLines } from '../command.ts'
import { collect } from './collect.ts'
import { readFeedback } from './feedback.ts'
import { judgeLeftOut } from './judge-captures.ts'
import { learn } from './learn.ts'
import { figuresTable, meanF1 } from './tables.ts'

export interface TrainOptions {
  readonly labels?: string
  readonly out: string
  readonly seed: number
  readonly made: number
  readonly feedback?: boolean
  readonly data?: string
}

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value * 1e4) / 1e4)

/** Trains a model, judges it by captures that it did not see, and writes both into one file. */
export const train = async (paths: readonly string[], options: TrainOptions): Promise<void> => {
  const { seed, made } = options
  const { captures: read } = await collect(paths, options)
  const feedback = options.feedback === true ? await readFeedback(options.data) : undefined
  const captures = feedback ? [...read, feedback.gathered] : read
  const { figures, reliability } = await judgeLeftOut(captures, seed)
  const { forest, calibration } = learn(captures, seed)
  const card: FlowCard = {
    seed,
    captures: captures.filter((one) => !one.made).map(({ capture, counts }) => ({ name: capture, ...counts })),
    made,
    feedback: feedback?.answers ?? 0,
    left_out: figures.map((one) => ({
      ...one,
      f1: rounded(one.f1),
      precision: rounded(one.precision),
      recall: rounded(one.recall),
      false_rate: rounded(one.false_rate),
      port_rule: rounded(one.port_rule),
      silent_rule: rounded(one.silent_rule),
      inward_rule: rounded(one.inward_rule),
    })),
    reliability,
  }
  writeFileSync(`${options.out}.new`, `${JSON.stringify(flowModelFile(forest, calibration, card))}\n`)
  renameSync(`${options.out}.new`, options.out)
  printLines([
    ...figuresTable(figures),
    '',
    `mean F1 of captures with both classes, each left out of training: ${meanF1(figures)?.toFixed(3) ?? '–'}`,
    `${forest.roots.length} trees, written to ${options.out}`,
  ])
}
