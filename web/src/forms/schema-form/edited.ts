import type { Schema } from '../../api/types.ts'
import type { Faults } from './schema-form.tsx'

/** Stands for a secret that is stored and not shown; sent back it means unchanged. */
export const MASKED = '***'

/** A value while it is edited: what each kind of field is made of. */
export interface Edited {
  readonly schema: Schema
  readonly value: unknown
  /** Undefined: nothing is written there. */
  readonly onChange: (value: unknown) => void
  readonly required: boolean
  readonly path: string
  readonly label: string
  readonly hint: string | undefined
  readonly faults: Faults
  readonly choices: Readonly<Record<string, readonly string[]>> | undefined
  /** What holds while it is empty. */
  readonly holds: unknown
  /** The same in words. */
  readonly standard: string | undefined
}

/** What every input takes over. */
export const inputOf = ({ label, hint, required, path, faults, standard }: Edited) => ({
  label,
  description: hint,
  required,
  error: faults[path],
  name: path,
  ...(standard !== undefined && { placeholder: standard }),
})

/** A value as it stands in an input. */
export const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value))
