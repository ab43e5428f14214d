/** What scores come to as a probability: points in rising order, straight lines between them. */
export interface Calibration {
  readonly scores: readonly number[]
  readonly shares: readonly number[]
}

export interface Judged {
  readonly score: number
  readonly malicious: boolean
  readonly weight: number
}

interface Block {
  weight: number
  hits: number
  scores: number
}

/** Never quite sure, either way: what was not met yet may be anything. */
const LEAST = 0.001
const MOST = 0.999
/** A step rests on at least this share of all the weight. */
const SHARE_OF_STEP = 0.004

const shareOf = ({ hits, weight }: Block): number => hits / weight

/**
 * Isotonic regression by pooling neighbours that are out of order: the only assumption is that a higher score is not
 * less likely to be malicious.
 */
export const calibrate = (judged: readonly Judged[]): Calibration => {
  const sorted = judged.toSorted((a, b) => a.score - b.score || Number(a.malicious) - Number(b.malicious))
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0)
  const least = total * SHARE_OF_STEP
  const blocks: Block[] = []
  let open: Block = { weight: 0, hits: 0, scores: 0 }
  const close = () => {
    if (open.weight === 0) return
    blocks.push(open)
    open = { weight: 0, hits: 0, scores: 0 }
    while (blocks.length > 1 && shareOf(blocks.at(-2)!) >= shareOf(blocks.at(-1)!)) {
      const last = blocks.pop()!
      const before = blocks.at(-1)!
      before.weight += last.weight
      before.hits += last.hits
      before.scores += last.scores
    }
  }
  for (const [index, { score, malicious, weight }] of sorted.entries()) {
    open.weight += weight
    open.scores += score * weight
    if (malicious) open.hits += weight
    // Equal scores are one thing: no step stands between them.
    if (open.weight >= least && sorted[index + 1]?.score !== score) close()
  }
  close()
  let highest = Number.NEGATIVE_INFINITY
  return {
    scores: blocks.map(({ scores, weight }) => {
      // Means of neighbours that differ by less than a number can say must not change places.
      highest = Math.max(highest, scores / weight)
      return highest
    }),
    shares: blocks.map((block) => Math.min(MOST, Math.max(LEAST, shareOf(block)))),
  }
}

/** The probability of a score. */
export const shareAt = ({ scores, shares }: Calibration, score: number): number => {
  const last = scores.length - 1
  if (last < 0) return 0
  if (score <= scores[0]!) return shares[0]!
  if (score >= scores[last]!) return shares[last]!
  let low = 0
  let high = last
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (scores[middle]! <= score) low = middle
    else high = middle
  }
  const width = scores[high]! - scores[low]!
  const part = width > 0 ? (score - scores[low]!) / width : 1
  return shares[low]! + (shares[high]! - shares[low]!) * part
}

/** The same, but no score below `floor` comes to `share` or more. */
export const heldBelow = (calibration: Calibration, floor: number, share: number): Calibration => {
  const under = share - 1e-4
  const points = calibration.scores.map((score, index) => [score, calibration.shares[index]!] as const)
  const low = points
    .filter(([score]) => score < floor)
    .map(([score, found]) => [score, Math.min(found, under)] as const)
  const high = points.filter(([score]) => score > floor)
  const at = Math.max(share, Math.min(high[0]?.[1] ?? share, shareAt(calibration, floor)))
  const raised = high.map(([score, found]) => [score, Math.max(found, at)] as const)
  const all = [
    ...low,
    [floor - 1e-6, Math.max(under, low.at(-1)?.[1] ?? under)] as const,
    [floor, at] as const,
    ...raised,
  ]
  return { scores: all.map(([score]) => score), shares: all.map(([, found]) => found) }
}
