import { Type } from '#lib/schema.ts'

/** Parameters of every list: `cursor` is the id of the last thing seen. */
export const listQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'At most so many' })),
  cursor: Type.Optional(Type.Integer({ minimum: 1, description: 'next_cursor of the page before' })),
}

export const idParams = Type.Object({ id: Type.Integer({ minimum: 1 }) })

/** One page: `next_cursor` is null on the last one. */
export const page = <T extends { readonly id: number }>(items: readonly T[], limit: number) => ({
  items,
  next_cursor: items.length === limit ? items.at(-1)!.id : null,
})

export const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())
