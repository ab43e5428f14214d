import { type RawBuilder, sql } from 'kysely'

/** What the rows of one page hold together at most, unless the first alone holds more. */
const PAGE_BYTES = 2 * 1024 * 1024

export interface Page<T> {
  readonly items: readonly T[]
  /** True where it ends before its limit, because of its size: more may follow. */
  readonly cut: boolean
}

/** Bytes of a text column; neither engine reads a long text to tell them. */
export const octets = (column: string): RawBuilder<number> => sql<number>`octet_length(${sql.ref(column)})`

/** A row of a page, before it is read. */
export interface Size {
  readonly id: number
  readonly bytes: number
}

const lastWithin = (sizes: readonly Size[]): number | undefined => {
  let sum = 0
  let last: number | undefined
  for (const { id, bytes } of sizes) {
    sum += bytes
    if (last !== undefined && sum > PAGE_BYTES) break
    last = id
  }
  return last
}

/** Reads as many of the rows that `sizes` tells, in their order, as one page may hold; `read` is told the last. */
export const pageOf = async <T>(sizes: readonly Size[], read: (last: number) => Promise<T[]>): Promise<Page<T>> => {
  const last = lastWithin(sizes)
  if (last === undefined) return { items: [], cut: false }
  return { items: await read(last), cut: last !== sizes.at(-1)!.id }
}
