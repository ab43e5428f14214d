import { because, type Cause } from '#core/cause/cause.ts'

/** A file within an archive. */
export interface PackedFile {
  readonly name: string
  /** All of it. Throws ArchiveError where it is damaged, or larger than is left. */
  bytes(most: number): Buffer
}

/** What is wrong with an archive as a whole. */
export class ArchiveError extends Error {
  readonly why: Cause
  constructor(why: Cause) {
    super(why.code)
    this.why = why
  }
}

export const damaged = (why: string): ArchiveError => new ArchiveError(because('import_archive_damaged', { why }))

/** All files of an archive together, unpacked, bytes: a small one can be made to hold far more than a disk does. */
export const MOST_UNPACKED = 512 * 1024 ** 2
export const MOST_PACKED_FILES = 5000

export const tooLarge = (): ArchiveError =>
  new ArchiveError(
    because('import_archive_large', { most: `${MOST_UNPACKED / 1024 ** 2} MB`, files: MOST_PACKED_FILES }),
  )

/** Has a packer's work done; what it was made to give beyond `most` is given up. */
export const unpacked = (work: () => Buffer): Buffer => {
  try {
    return work()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge() : damaged(message)
  }
}
