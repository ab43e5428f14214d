const parts = (text: string): readonly number[] | undefined => {
  const words = text.split('.')
  if (words.length > 4) return undefined
  const numbers = words.map((word) =>
    /^0[xX][0-9a-fA-F]+$/.test(word)
      ? Number.parseInt(word.slice(2), 16)
      : /^0[0-7]*$/.test(word)
        ? Number.parseInt(word, 8)
        : /^[1-9]\d*$/.test(word)
          ? Number.parseInt(word, 10)
          : Number.NaN,
  )
  return numbers.some(Number.isNaN) ? undefined : numbers
}

/**
 * The IPv4 address that the older ways of writing one mean, as inet_aton(3) reads them: `127.1`, `0x7f000001`,
 * `010.0.0.1` in octal. Undefined: it is a name.
 */
export const numericHost = (text: string): string | undefined => {
  // Most names have a letter that no number has: that is seen at once.
  const numbers = /^[\da-fx.]+$/i.test(text) ? parts(text) : undefined
  if (!numbers) return undefined
  const last = numbers.at(-1)!
  const before = numbers.slice(0, -1)
  if (before.some((part) => part > 255) || last >= 256 ** (4 - before.length)) return undefined
  const rest = Array.from({ length: 4 - before.length }, (_, index) => Math.floor(last / 256 ** index) % 256).reverse()
  return [...before, ...rest].join('.')
}
