import { createHash } from 'node:crypto'
import { because, type Cause } from '#core/cause/cause.ts'
import type { ImportedKind, ImportedObject } from '#storage/imported-objects.ts'

/** What becomes of a thing that comes in: it is new, it changes one of ours, or it is there as it is. */
export type Did = 'created' | 'changed' | 'same'

interface Ours {
  readonly id: number
  readonly name: string
  readonly origin?: string
}

export interface Placed<Before extends Ours> {
  readonly did: Did
  readonly name: string
  /** The one of ours that it is. */
  readonly before?: Before
  readonly notes: readonly Cause[]
}

export interface Arrival<Before extends Ours> {
  readonly object: ImportedKind
  readonly key: string
  readonly name: string
  readonly digest: string
  /** Whether one of ours is the same thing: it leads to the same place. */
  readonly isSame: (ours: Before) => boolean
  /** Whether one of ours is nobody's: it came with the server, and nobody has touched it. */
  readonly isBlank?: (ours: Before) => boolean
}

/** Finds for each thing that comes in the one of ours that it is, or a name that is free. */
export const createPlacing = <Before extends Ours>(
  ours: readonly Before[],
  imported: readonly ImportedObject[],
  tool: string,
  /** Names that are given away by now, over all sources of one import. */
  taken: Set<string>,
) => {
  const byName = new Map(ours.map((one) => [one.name, one]))
  const byId = new Map(ours.map((one) => [one.id, one]))

  const freeName = (wanted: string): string => {
    for (let number = 1; ; number++) {
      const end = number === 1 ? ` (${tool})` : ` (${tool} ${number})`
      const name = wanted.slice(0, 200 - end.length) + end
      if (!byName.has(name) && !taken.has(name)) return name
    }
  }

  return ({
    object,
    key,
    name,
    digest,
    isSame,
    isBlank,
  }: Arrival<Before>): Placed<Before> | { readonly left: Cause } => {
    const take = (did: Did, as: string, before?: Before, notes: readonly Cause[] = []): Placed<Before> => {
      taken.add(as)
      return { did, name: as, notes, ...(before && { before }) }
    }
    const earlier = imported.find((one) => one.object === object && one.key === key)
    const mapped = earlier && byId.get(earlier.id)
    // Another copy of the tool may have lain in the same place: then the same number is another thing.
    if (mapped && (mapped.name === name || isSame(mapped))) {
      if (earlier.digest === digest) return take('same', mapped.name, mapped)
      return mapped.origin === undefined
        ? take('changed', mapped.name, mapped)
        : { left: because('import_owned_by_file', { origin: mapped.origin }) }
    }
    const named = byName.get(name)
    if (!named && !taken.has(name)) return take('created', name)
    if (named && !taken.has(name)) {
      if (isSame(named)) return take('same', name, named)
      if (isBlank?.(named) && named.origin === undefined) return take('changed', name, named)
    }
    return take('created', freeName(name), undefined, [because('import_renamed', { was: name })])
  }
}

/** Of what a thing says: by that a later import knows whether the source has changed. Give it nothing secret. */
export const digestOf = (said: unknown): string =>
  createHash('sha256').update(JSON.stringify(said)).digest('base64url').slice(0, 22)
