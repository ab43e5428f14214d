/**
 * How far a log file has been read, and how to know the file again when it was renamed, copied, truncated or compressed
 * meanwhile: by the bytes at its beginning and those just before the offset. Both are kept as one character per byte.
 */
export interface FilePosition {
  readonly id: string
  /** Where it was last seen. */
  readonly path: string
  /** `DEVICE:INODE` where it was last seen; empty once another file has taken its place. */
  readonly inode: string
  /** The first bytes that were read; shorter than what is kept at most while the file is short. */
  readonly head: string
  /** Bytes read, of the text: a compressed file counts what comes out. */
  readonly offset: number
  /** The bytes just before the offset. */
  readonly tail: string
  /** True in the middle of a line that is too long to be held. */
  readonly skipping: boolean
  /** Which archive has been read to its end, so that it is not unpacked again; empty: none. */
  readonly sealed: string
}

/** Where positions are remembered; `log` names the log, of which several files may be in work at once. */
export interface FilePositions {
  load(log: string): Promise<readonly FilePosition[]>
  save(log: string, position: FilePosition): Promise<void>
  forget(log: string, ids: readonly string[]): Promise<void>
}
