import { bucketMs } from '#core/result/latency-bucket.ts'

/** Quantiles of counts per bucket, ms, in the order of `shares`, which rise; null where there are none. */
export const quantiles = (counts: ReadonlyMap<number, number>, shares: readonly number[]): (number | null)[] => {
  let total = 0
  for (const count of counts.values()) total += count
  if (total === 0) return shares.map(() => null)
  const sorted = [...counts].sort(([a], [b]) => a - b)
  let place = 0
  let passed = sorted[0]![1]
  return shares.map((share) => {
    while (passed <= share * (total - 1) && place < sorted.length - 1) passed += sorted[++place]![1]
    return bucketMs(sorted[place]![0])
  })
}
