import { Type } from '#lib/schema.ts'

/** An id as it stands in an address or a filter: beyond this, PostgreSQL would not know it as a number. */
export const anId = (description?: string) =>
  Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, ...(description !== undefined && { description }) })

/** Parameters of every list: `cursor` is the id of the last thing seen. */
export const listQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'At most so many' })),
  cursor: Type.Optional(anId('next_cursor of the page before')),
}

export const idParams = Type.Object({ id: anId() })

/** One page: `next_cursor` is null on the last one. `cut`: it ends before its limit, because of its size. */
export const page = <T extends { readonly id: number }>(items: readonly T[], limit: number, cut = false) => ({
  items,
  next_cursor: cut || items.length === limit ? items.at(-1)!.id : null,
})

/** Ids of many things that something is done to at once. */
export const manyIds = Type.Array(anId(), { minItems: 1, maxItems: 1000, uniqueItems: true })
