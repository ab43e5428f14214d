/**
 * Bounds of the share behind `hits` of `of` observations by the Wilson score interval (E. B. Wilson, 1927), which stays
 * honest for few observations and for shares near zero. `z` is the distance in standard deviations: 1.645 leaves the
 * true share below the lower bound in 95 of 100 cases. Of none, the bounds are 0 and 1.
 */
export const wilsonBounds = (
  hits: number,
  of: number,
  z: number,
): { readonly lower: number; readonly upper: number } => {
  if (of === 0) return { lower: 0, upper: 1 }
  const share = hits / of
  const weight = (z * z) / of
  const middle = share + weight / 2
  const spread = z * Math.sqrt((share * (1 - share) + weight / 4) / of)
  return {
    lower: hits === 0 ? 0 : Math.max(0, (middle - spread) / (1 + weight)),
    upper: hits === of ? 1 : Math.min(1, (middle + spread) / (1 + weight)),
  }
}
