const PLAIN = /^[\0-\x7f]*$/

/** A text as people type what they look for: small letters without accents. `Córdoba` becomes `cordoba`. */
export const fold = (text: string): string =>
  PLAIN.test(text)
    ? text.toLowerCase()
    : text
        .normalize('NFKD')
        .replace(/\p{M}+/gu, '')
        .toLowerCase()
