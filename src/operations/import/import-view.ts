import type { Cause } from '#core/cause/cause.ts'
import { type Left, placeText, type Refused } from '#importers/import-plan.ts'
import { iso } from '#lib/time/iso.ts'
import { inEnglish, problemSaid } from '#templates/said.ts'
import type { Did } from './place-in.ts'
import type { Prepared } from './prepare.ts'
import type { PreparedItem } from './prepare-things.ts'

/** What an import would do, or did, as programs read it. Nothing in it is a secret. */

/** Why, as a code and in both languages. */
export interface WhyView {
  readonly code: string
  readonly facts: Cause['facts']
  readonly message: string
  readonly message_es: string
}

export interface ItemView {
  readonly object: PreparedItem['object']
  readonly name: string
  readonly did: Did
  readonly place: string
  readonly notes?: readonly WhyView[]
}

export interface LeftView {
  readonly name: string
  readonly place: string
  readonly why: WhyView
}

interface NamedView {
  readonly object: PreparedItem['object']
  readonly name: string
}

export interface ImportView {
  readonly applied: boolean
  readonly items: readonly ItemView[]
  /** With pruning: what goes; without: what the source has no more, and stays. */
  readonly removed: readonly NamedView[]
  readonly surplus: readonly NamedView[]
  readonly down: readonly { readonly monitor: string; readonly since: string | null; readonly place: string }[]
  readonly left: readonly LeftView[]
  readonly remarks: readonly LeftView[]
}

export interface RefusedView {
  readonly applied: false
  readonly refused: readonly { readonly place: string; readonly why: WhyView }[]
}

const whyView = (cause: Cause): WhyView => ({
  code: cause.code,
  facts: cause.facts,
  message: inEnglish(cause),
  message_es: problemSaid(cause)['x-es'].message,
})

const itemView = ({ object, name, did, place, notes }: PreparedItem): ItemView => ({
  object,
  name,
  did,
  place: placeText(place),
  ...(notes.length > 0 && { notes: notes.map(whyView) }),
})

const leftView = ({ what, place, why }: Left): LeftView => ({ name: what, place: placeText(place), why: whyView(why) })

export const importView = (prepared: Omit<Prepared, 'history'>, applied: boolean, prune: boolean): ImportView => {
  const surplus = prepared.surplus.map(({ object, name }) => ({ object, name }))
  return {
    applied,
    items: prepared.items.map(itemView),
    removed: prune ? surplus : [],
    surplus: prune ? [] : surplus,
    down: prepared.down.map(({ monitor, since, place }) => ({
      monitor,
      since: since === null ? null : iso(since),
      place: placeText(place),
    })),
    left: prepared.left.map(leftView),
    remarks: prepared.remarks.map(leftView),
  }
}

export const refusedView = (refused: readonly Refused[]): RefusedView => ({
  applied: false,
  refused: refused.map(({ place, why }) => ({ place: placeText(place), why: whyView(why) })),
})
