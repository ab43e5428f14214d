import { faultOf, StorageError, type StorageFault } from '#storage/storage-error.ts'

/** The same for everybody: no path of this machine. */
const WHY: Readonly<Partial<Record<StorageFault, string>>> = {
  full: 'its disk is full or reports an error',
  read_only: 'its files cannot be written',
  busy: 'something else holds it',
  unreachable: 'the database server cannot be reached',
}

/** Why the store does not answer, as far as everybody may know it. */
export const whyUnavailable = (error: unknown): string => {
  const why = WHY[faultOf(error) ?? 'foreign']
  return `the store does not answer at present${why === undefined ? '' : `: ${why}`}`
}

/** What an answer says while the store refuses: the reason, with the place and the way out for who is signed in. */
export const unavailable = (error: unknown, signedIn: boolean): string => {
  const why = whyUnavailable(error)
  const reason = signedIn && error instanceof StorageError ? error.message.replace(/\.?$/, '.') : undefined
  return `${reason ?? `T${why.slice(1)}.`} Try again in a moment.`
}
