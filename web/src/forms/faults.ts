import { ApiError } from '../api/client.ts'
import type { Faults } from './schema-form/schema-form.tsx'

/** What the server found wrong, by place. */
export const faultsOf = (error: unknown): Faults =>
  error instanceof ApiError ? Object.fromEntries(error.faults.map(({ path, message }) => [path, message])) : {}

/** Brings the first wrong field into sight. */
export const showFirstFault = (error: unknown): void => {
  const [first] = Object.keys(faultsOf(error))
  if (first === undefined) return
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>(`[name="${CSS.escape(first)}"]`)
    field?.scrollIntoView({ block: 'center' })
    field?.focus()
  })
}
