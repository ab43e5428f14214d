const isSimple = (value: unknown): boolean => typeof value !== 'object' || value === null

/** A value of an event as a person reads it: `site=POP-3, role=core`, `22, 80`; what is deeper stays JSON. */
export const plain = (value: unknown): string => {
  if (isSimple(value)) return String(value ?? '')
  const entries = Object.entries(value as object)
  if (!entries.every(([, one]) => isSimple(one))) return JSON.stringify(value)
  return entries.map(([name, one]) => (Array.isArray(value) ? String(one) : `${name}=${one}`)).join(', ')
}
