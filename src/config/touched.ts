/** Something that a file created, changed or took out. */
export interface Touched {
  readonly object:
    | 'channel'
    | 'monitor'
    | 'rule'
    | 'silence'
    | 'maintenance plan'
    | 'duty person'
    | 'duty list'
    | 'setting'
  readonly did: 'created' | 'changed' | 'removed'
  readonly name: string
}

/** Hears of each. */
export type Touch = (object: Touched['object'], did: Touched['did'], name: string) => void
