/** What `buffer.toString` hands on to when it has looked at its arguments, which takes longer than the work. */
interface Sliceable {
  latin1Slice(start: number, end: number): string
}

/** A short text of single bytes; made for every line of a log. */
export const latin1 = (bytes: Buffer, start: number, end: number): string =>
  (bytes as unknown as Sliceable).latin1Slice(start, end)
