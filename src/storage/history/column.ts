import { because } from '#core/cause/cause.ts'
import { StorageError } from '../storage-error.ts'
import type { BitReader, BitWriter } from './bits.ts'

/**
 * How a column of whole numbers is written: equal neighbours once, each as its distance from the one before, or as its
 * distance from the mean. Distances are small and rarer the larger they are, which is what Rice's code is for (R. F.
 * Rice, Some Practical Universal Noiseless Coding Techniques, JPL 79-22, 1979): a quotient in ones, then `shift` bits.
 */
const [RUNS, DELTAS, AROUND] = [0, 1, 2]
const MODE_BITS = 2
const SHIFT_BITS = 5
const MOST_SHIFT = 31
/** A quotient of so many ones stands for a number that follows as it is. */
const ESCAPE = 20
const LENGTH_BITS = 6

/** Whole numbers of either sign as ones without: 0, -1, 1, -2 … become 0, 1, 2, 3 … */
const folded = (value: number): number => (value < 0 ? -value * 2 - 1 : value * 2)
const unfolded = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2)

const bitsOf = (value: number): number => (value === 0 ? 0 : Math.floor(Math.log2(value)) + 1)

/** A number of any size: its length, then its bits. */
const writeWhole = (writer: BitWriter, value: number) => {
  const bits = bitsOf(value)
  writer.write(bits, LENGTH_BITS)
  writer.write(value, bits)
}
const readWhole = (reader: BitReader): number => reader.read(Math.min(53, reader.read(LENGTH_BITS)))

/** Numbers that are so many times the mean are exceptions: they are escaped, and the code is made for the others. */
const FAR = 16

/** The shift that suits most of the numbers. */
const shiftFor = (distances: readonly number[]): number => {
  for (let bound = Number.POSITIVE_INFINITY; ; ) {
    let [sum, count, largest] = [0, 0, 0]
    for (const distance of distances) {
      if (distance > bound) continue
      sum += distance
      count++
      if (distance > largest) largest = distance
    }
    const mean = sum / count
    if (largest <= FAR * mean)
      return Math.min(MOST_SHIFT, Math.max(0, Math.floor(Math.log2(mean * Math.LN2 + 1e-9)) + 1))
    bound = FAR * mean
  }
}

/** Bits that distances take with a shift. */
const costOf = (distances: readonly number[], shift: number): number => {
  const divisor = 2 ** shift
  let bits = 0
  for (const distance of distances) {
    const quotient = Math.floor(distance / divisor)
    bits += quotient < ESCAPE ? quotient + 1 + shift : ESCAPE + LENGTH_BITS + bitsOf(distance)
  }
  return bits
}

const writeDistances = (writer: BitWriter, { mode, shift, base, distances }: Way) => {
  writer.write(mode, MODE_BITS)
  writer.write(shift, SHIFT_BITS)
  writeWhole(writer, folded(base))
  const divisor = 2 ** shift
  for (const distance of distances) {
    const quotient = Math.floor(distance / divisor)
    if (quotient >= ESCAPE) {
      writer.write(2 ** ESCAPE - 1, ESCAPE)
      writeWhole(writer, distance)
      continue
    }
    // The ones, and the nought that ends them.
    writer.write(2 ** quotient - 1, quotient + 1)
    writer.write(distance % divisor, shift)
  }
}

const readDistance = (reader: BitReader, shift: number): number => {
  const quotient = reader.ones(ESCAPE)
  return quotient === ESCAPE ? readWhole(reader) : quotient * 2 ** shift + reader.read(shift)
}

/** One way to write a column, and the bits that it takes. */
interface Way {
  readonly mode: number
  readonly base: number
  readonly distances: readonly number[]
  readonly shift: number
  readonly cost: number
}

const wayOf = (mode: number, base: number, distances: readonly number[]): Way => {
  const shift = distances.length === 0 ? 0 : shiftFor(distances)
  return { mode, base, distances, shift, cost: costOf(distances, shift) }
}

const deltasOf = (values: readonly number[]): Way => {
  const distances: number[] = []
  for (let index = 1; index < values.length; index++) distances.push(folded(values[index]! - values[index - 1]!))
  return wayOf(DELTAS, values[0]!, distances)
}

const aroundMean = (values: readonly number[]): Way => {
  let sum = 0
  for (const value of values) sum += value
  const base = Math.round(sum / values.length)
  return wayOf(
    AROUND,
    base,
    values.map((value) => folded(value - base)),
  )
}

/** Where equal neighbours begin. */
const runsOf = (values: readonly number[]): number[] => {
  const starts = [0]
  for (let index = 1; index < values.length; index++) if (values[index] !== values[index - 1]) starts.push(index)
  return starts
}

const writeRuns = (writer: BitWriter, values: readonly number[], starts: readonly number[]) => {
  writer.write(RUNS, MODE_BITS)
  for (const [place, start] of starts.entries()) {
    writeWhole(writer, folded(values[start]!))
    writeWhole(writer, (starts[place + 1] ?? values.length) - start)
  }
}

/** Of a run: two lengths, the value, and how often it comes. */
const RUN_BITS = 2 * LENGTH_BITS + 8

/** Writes whole numbers between -2^51 and 2^51, in the way that takes the least room. */
export const writeColumn = (writer: BitWriter, values: readonly number[]): void => {
  if (values.length === 0) return
  const starts = runsOf(values)
  const best = starts.length === 1 ? undefined : cheaper(deltasOf(values), aroundMean(values))
  if (!best || starts.length * RUN_BITS <= best.cost) writeRuns(writer, values, starts)
  else writeDistances(writer, best)
}

const cheaper = (one: Way, other: Way): Way => (one.cost <= other.cost ? one : other)

/** So many numbers as `writeColumn` wrote them. Throws StorageError where the bytes cannot be that. */
export const readColumn = (reader: BitReader, count: number): number[] => {
  const values: number[] = []
  if (count === 0) return values
  const mode = reader.read(MODE_BITS)
  if (mode === RUNS) {
    while (values.length < count) {
      const value = unfolded(readWhole(reader))
      const length = readWhole(reader)
      if (length === 0 || values.length + length > count) throw damaged()
      for (let index = 0; index < length; index++) values.push(value)
    }
    return values
  }
  if (mode !== DELTAS && mode !== AROUND) throw damaged()
  const shift = reader.read(SHIFT_BITS)
  let base = unfolded(readWhole(reader))
  if (mode === DELTAS) values.push(base)
  while (values.length < count) {
    const value = base + unfolded(readDistance(reader, shift))
    values.push(value)
    if (mode === DELTAS) base = value
  }
  return values
}

const damaged = () => new StorageError('corrupted', because('history_block_damaged'))
