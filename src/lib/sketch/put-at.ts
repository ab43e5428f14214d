/**
 * Sets the value of a slot in an array that grows to hold it. Written far beyond its end, an array would become a table
 * that is looked up by hash, and slow for good.
 */
export const putAt = <T>(values: (T | undefined)[], slot: number, value: T | undefined): void => {
  while (values.length <= slot) values.push(undefined)
  values[slot] = value
}
