const YEAR_S = 31_536_000

/** Keeps a choice in a cookie, which the server reads too: the next document comes as chosen, without a flash. */
export const saveChoice = (name: 'language' | 'theme', value: string): void => {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain HTTP
  document.cookie = `vigia_${name}=${value}; path=/; max-age=${value === '' ? 0 : YEAR_S}; samesite=lax`
}

/** Choices that only this browser needs. Storage may be switched off: then they last as long as the page. */
const memory = new Map<string, string>()

export const readStored = (name: string): string | null => {
  try {
    return localStorage.getItem(`vigia.${name}`)
  } catch {
    return memory.get(name) ?? null
  }
}

export const store = (name: string, value: string): void => {
  memory.set(name, value)
  try {
    localStorage.setItem(`vigia.${name}`, value)
  } catch {
    // Private windows may refuse.
  }
}
