import { because, type Cause } from '#core/cause/cause.ts'
import { type Said, says } from '#core/said.ts'
import { faultOf, StorageError, type StorageFault } from '#storage/storage-error.ts'
import { asSentence, inEnglish } from '#templates/said.ts'

/** The same for everybody: no path of this machine. */
const WHY: Readonly<Partial<Record<StorageFault, Cause>>> = {
  full: because('disk_full_or_failing'),
  read_only: because('files_not_writable'),
  busy: because('held_by_something_else'),
  unreachable: because('database_server_unreachable'),
}

/** Why the store does not answer, as far as everybody may know it. */
const unansweredCause = (error: unknown): Cause => {
  const reason = WHY[faultOf(error) ?? 'foreign']
  return reason ? because('store_unanswered_for', { reason }) : because('store_unanswered')
}

/** The same in English. */
export const whyUnavailable = (error: unknown): string => inEnglish(unansweredCause(error))

/** What an answer says while the store refuses: the reason, with the place and the way out for who is signed in. */
export const unavailable = (error: unknown, signedIn: boolean): Said => {
  const cause = signedIn && error instanceof StorageError ? error.said : unansweredCause(error)
  return says(
    `${asSentence(cause, 'en')} Try again in a moment.`,
    `${asSentence(cause, 'es')} Intente de nuevo en un momento.`,
  )
}
