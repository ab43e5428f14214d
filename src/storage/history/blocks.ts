import type { DatabaseSync } from 'node:sqlite'
import { type Block, decodeBlock, emptyBlock, encodeBlock, mapColumns } from './block.ts'
import { DAY, MINUTE } from './spans.ts'

interface BlockRow {
  readonly start: number
  readonly body: Uint8Array
}

/** The places of times in their order; undefined where they are in order already. */
export const orderOf = (at: readonly number[]): number[] | undefined => {
  let sorted = true
  for (let index = 1; sorted && index < at.length; index++) sorted = at[index - 1]! <= at[index]!
  return sorted ? undefined : at.map((_, index) => index).sort((a, b) => at[a]! - at[b]!)
}

const picked = (block: Block, order: readonly number[]): Block =>
  mapColumns(block, (values) => order.map((index) => values[index]!))

/** Probes end in another order than they begin: a block holds them in the order of time. */
const inOrder = (block: Block): Block => {
  const order = orderOf(block.at)
  return order ? picked(block, order) : block
}

const joined = (blocks: Iterable<Block>): Block => {
  const whole = emptyBlock()
  for (const block of blocks)
    for (const column of ['at', 'buckets', 'codes', 'loss', 'spread'] as const)
      for (const value of block[column]) whole[column].push(value)
  return whole
}

/** Without the moments within a minute: what remains is a count, losses and a spread of latencies per minute. */
const byMinute = (block: Block): Block => {
  const at = block.at.map((time) => time - (time % MINUTE))
  const { buckets } = block
  const order = at.map((_, index) => index).sort((a, b) => at[a]! - at[b]! || buckets[a]! - buckets[b]!)
  return picked({ ...block, at }, order)
}

/** The parts of a block, which is in order, that each lie in one day: reading can count on how far a block reaches. */
function* byDay(block: Block): Generator<Block> {
  const { at } = block
  for (let start = 0; start < at.length; ) {
    const border = at[start]! - (at[start]! % DAY) + DAY
    let end = start + 1
    while (end < at.length && at[end]! < border) end++
    if (start === 0 && end === at.length) return yield block
    const [first, next] = [start, end]
    yield mapColumns(block, (values) => values.slice(first, next))
    start = end
  }
}

/** Packed results in a table: `block`, as they came, or `minute`, gathered by minute. */
export const createBlocks = (db: DatabaseSync, table: 'block' | 'minute') => {
  const put = db.prepare(`insert into ${table} values (?, ?, ?, ?) on conflict do nothing`)
  const replace = db.prepare(`insert or replace into ${table} values (?, ?, ?, ?)`)
  const at = db.prepare(`select body from ${table} where monitor_id = ? and start = ?`)
  // None reaches over the end of a day.
  const within = db.prepare(
    `select body from ${table} where monitor_id = ? and start >= ? and start < ? and end_at >= ? order by start`,
  )
  const before = db.prepare(`select start, body from ${table} where monitor_id = ? and start < ? order by start`)
  const remove = db.prepare(`delete from ${table} where monitor_id = ? and start < ?`)

  const add = (monitorId: number, block: Block) => {
    for (const part of byDay(inOrder(block))) {
      const [start, end] = [part.at[0]!, part.at.at(-1)!]
      if (put.run(monitorId, start, end, encodeBlock(part)).changes > 0) continue
      // Late results may begin at the very moment at which others do.
      const known = decodeBlock((at.get(monitorId, start) as unknown as BlockRow).body)
      const both = inOrder(joined([known, part]))
      replace.run(monitorId, start, both.at.at(-1)!, encodeBlock(both))
    }
  }

  return {
    /** Stores results of a monitor, in any order. */
    add,

    /** Blocks that hold something of `[from, to)`, by their beginnings. */
    of: function* (monitorId: number, from: number, to: number): Generator<Block> {
      for (const row of within.all(monitorId, from - (from % DAY), to, from) as unknown[])
        yield decodeBlock((row as BlockRow).body)
    },

    /** Everything of a monitor before the beginning of a day. */
    before: (monitorId: number, day: number): Block | undefined => {
      const rows = before.all(monitorId, day) as unknown as BlockRow[]
      return rows.length === 0 ? undefined : inOrder(joined(rows.map(({ body }) => decodeBlock(body))))
    },

    /** Removes everything of a monitor before the beginning of a day; how many rows went. */
    remove: (monitorId: number, day: number): number => Number(remove.run(monitorId, day).changes),

    byMinute,
  }
}
export type Blocks = ReturnType<typeof createBlocks>
