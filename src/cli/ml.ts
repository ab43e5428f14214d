import type { Command } from 'commander'
import { type AddCommand, CommandError } from './command.ts'
import { MADE } from './ml/collect.ts'

const whole =
  (name: string) =>
  (text: string): number => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < 0 || value > 1_000_000)
      throw new CommandError(`${name} ${text}: not a whole number from 0 to 1000000`)
    return value
  }

/** Options of whatever learns from labelled logs. */
const learning = (command: Command): Command =>
  command
    .option(
      '--labels <file>',
      'labels beside the logs: lines of CAPTURE malicious|benign|unlabelled HOST [PEER] [PORT]',
    )
    .option('--seed <number>', 'the same seed gives the same model', whole('--seed'), 20)
    .option('--made <number>', 'networks that are made up beside the logs', whole('--made'), MADE)

export const addMl: AddCommand = (program) => {
  const ml = program.command('ml').description('train, judge and use the classifier of connections')
  learning(ml.command('train <folders...>'))
    .description("learn from labelled logs of Zeek's connections and write a model")
    .option('--out <file>', 'where the model is written', 'flow-model.json')
    .option('--feedback', 'learn from the answers of operators too')
    .option('--data <folder>', 'data folder that has the answers')
    .action(async (paths, options) => (await import('./ml/train.ts')).train(paths, options))
  learning(ml.command('evaluate <folders...>'))
    .description('say how good a model of these logs is on captures that it did not see')
    .option('--json', 'one JSON value, and nothing else, on stdout')
    .action(async (paths, options) => (await import('./ml/evaluate.ts')).evaluate(paths, options))
  ml.command('score <files...>')
    .description('say how suspicious stored connections are')
    .option('--model <file>', 'another model than the one that comes with the product')
    .option('--hosts', 'one line a host')
    .option('--all', 'connections that are not suspicious too')
    .option('--json', 'every connection, or host, as a line of JSON')
    .action(async (paths, options) => (await import('./ml/score.ts')).score(paths, options))
  ml.command('card')
    .description('say what a model was trained on, what it reaches and where it fails')
    .option('--model <file>', 'another model than the one that comes with the product')
    .option('--json', 'one JSON value, and nothing else, on stdout')
    .action(async (options) => (await import('./ml/card.ts')).card(options))
}
