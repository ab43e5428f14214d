import { readFileSync } from 'node:fs'
import { CommandError } from '../command.ts'
import { type Capture, findCaptures } from './captures.ts'
import { type Gathered, gather, gatherMade } from './gather.ts'
import { type LabelFile, NO_LABEL_FILE, parseLabelFile } from './label-file.ts'
import { groupsOf } from './learn.ts'

/** Networks that are made up beside the captures, unless another number is asked for. */
export const MADE = 60

export interface Collected {
  readonly captures: readonly Gathered[]
  /** The logs behind those that are no made ones. */
  readonly logs: readonly Capture[]
  readonly labels: LabelFile
}

const say = (text: string): void => void process.stderr.write(`${text}\n`)

const readLabelFile = (path: string | undefined): LabelFile => {
  if (path === undefined) return NO_LABEL_FILE
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new CommandError(`--labels ${path}: no such file`)
  }
  const file = parseLabelFile(text)
  if ('error' in file) throw new CommandError(`${path}: ${file.error}`)
  return file
}

const tellOdd = ({ capture, odd, left }: Gathered): void => {
  if (odd.size > 0)
    say(
      `${capture}: labels that are not known, left out: ${[...odd].map(([word, count]) => `"${word}" (${count})`).join(', ')}`,
    )
  if (left > 0) say(`${capture}: ${left} lines could not be read, left out`)
}

/** Reads the labelled logs at or below the given paths. Says on stderr what was left out; throws what makes it useless. */
export const collect = async (
  paths: readonly string[],
  { labels: path, seed, made }: { readonly labels?: string; readonly seed: number; readonly made: number },
): Promise<Collected> => {
  const labels = readLabelFile(path)
  const logs: Capture[] = []
  const captures: Gathered[] = []
  for (const capture of await findCaptures(paths)) {
    const gathered = await gather(capture, labels, seed)
    tellOdd(gathered)
    say(
      `${capture.name}: ${gathered.lines} connections, ${gathered.counts.malicious} malicious, ${gathered.counts.benign} benign${gathered.labels.length === 0 ? '; nothing is labelled, left out' : ''}`,
    )
    if (gathered.labels.length === 0) continue
    logs.push(capture)
    captures.push(gathered)
  }
  for (const label of ['malicious', 'benign'] as const)
    if (!captures.some(({ counts }) => counts[label] > 0))
      throw new CommandError(
        `no connection is labelled ${label}: a classifier needs both; add logs, or say what they are with --labels FILE`,
        1,
      )
  if (groupsOf(captures).length < 2)
    throw new CommandError(
      'one capture is not enough: each is judged by a model that did not see it; name a second one',
      1,
    )
  return { captures: [...captures, ...gatherMade(made, seed)], logs, labels }
}
