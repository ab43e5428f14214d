import type { JsonObject } from '#lib/json.ts'

/** What people know a thing by: its name and, where it leads somewhere, `target`. Never a secret. */
export type Naming = JsonObject

interface Named {
  readonly before?: Naming | undefined
  readonly after?: Naming | undefined
  readonly details?: JsonObject
}

/** What it is called now, or was; where it leads now, and where it led if that was another place; and what was asked. */
export const detailsOf = ({ before, after, details }: Named, asked: JsonObject | undefined): JsonObject => {
  const { target, ...naming } = after ?? before ?? {}
  const moved = before !== undefined && after !== undefined && before.target !== after.target
  const renamed = before !== undefined && after !== undefined && before.name !== after.name
  // A place is told where it was set, changed or went; who pauses a monitor changes none.
  const place = target !== undefined && (moved || before === undefined || after === undefined)
  return {
    ...naming,
    ...asked,
    ...details,
    ...(place && { target }),
    ...(moved && { target_before: before.target! }),
    ...(renamed && { name_before: before.name! }),
  }
}
