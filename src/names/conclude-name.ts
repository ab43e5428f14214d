import type { AddressBook } from './address-book.ts'
import { between, failedEntry, foundEntry, mayServe, type NameEntry } from './name-entry.ts'
import { type NameFailure, noDescriptors, noSuchName, notAnswered, refusedAnswer } from './name-failure.ts'
import type { LookupEnd, Silence, UnderWay } from './name-lookup.ts'
import type { NameSettings } from './name-settings.ts'

/** That there is nothing is believed for so long at most: a name that comes back is seen soon. */
const LONGEST_NOTHING_MS = 30_000
const FAILURE_MS = 2000
/** While nobody answers for a name whose addresses were known, it is asked for so often. */
const AGAIN_MS = 10_000

interface ConclusionDeps {
  readonly monotonic: () => number
  readonly settings: () => NameSettings
  readonly book: AddressBook | undefined
}

/** Makes of the end of a look what is remembered of the name. */
export const createNameConclusion = ({ monotonic, settings, book }: ConclusionDeps) => {
  const failed = (before: NameEntry | undefined, failure: NameFailure, forMs: number): NameEntry =>
    failedEntry(before, failure, monotonic() + forMs, settings())

  /** What an end comes to; an own fault is not kept. `silence` counts where nobody said anything of the name. */
  return (
    host: string,
    end: LookupEnd,
    before: NameEntry | undefined,
    { sentAt }: UnderWay,
    silence: Silence | undefined,
  ): NameEntry | NameFailure => {
    if (end.kind === 'addresses') {
      // What stands in a file of this machine, or is itself, is found again without anybody.
      if (sentAt !== undefined) book?.found(before?.addresses, end.addresses)
      return foundEntry(end.addresses, end.ttl, monotonic(), settings())
    }
    if (end.kind === 'fault') return noDescriptors(host)
    if (end.kind === 'nothing') {
      if (before?.addresses) book?.found(before.addresses, [])
      const forMs = between((end.ttl ?? 0) * 1000, FAILURE_MS, LONGEST_NOTHING_MS)
      return failed(undefined, noSuchName(host), forMs)
    }
    const refused = end.kind === 'refused' && !silence
    const failure = refused ? refusedAnswer(host, end.rcode) : notAnswered(host, silence)
    const serves = before !== undefined && mayServe(before, monotonic())
    return failed(before, failure, serves ? AGAIN_MS : FAILURE_MS)
  }
}
