/** What is wrong with something that people want to save. */
export interface SaveProblem {
  readonly code: 'invalid_input' | 'name_taken' | 'not_found' | 'owned_by_file' | 'in_use' | 'key_missing'
  /** Dotted path in what was sent; empty for the whole. */
  readonly path: string
  readonly message: string
}

export type Saved<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: SaveProblem }

export const saved = <T>(value: T): Saved<T> => ({ ok: true, value })

export const notSaved = (code: SaveProblem['code'], path: string, message: string): Saved<never> => ({
  ok: false,
  problem: { code, path, message },
})
