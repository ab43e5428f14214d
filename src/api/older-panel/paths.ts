import { Type } from '#lib/schema.ts'

/** Ids that a database may hold; of the older panel's paths only those with a number existed. */
export const idParams = Type.Object({ id: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) })

/** `/channels/7`, `/channels/7/test` */
export const oneOf = (word: string, verb?: string): string =>
  `/${word}/:id(^\\d{1,15}$)${verb === undefined ? '' : `/${verb}`}`
