const SEPARATOR = 255
/** The low part of the FNV prime of 64 bits, 2^40 + 0x1b3. */
const PRIME_LOW = 0x1b3

const byText = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Identity of a set of labels as Prometheus and Alertmanager compute it: FNV-1a of 64 bits over the sorted names and
 * values, each followed by the byte 255, as sixteen hexadecimal digits. In two halves, for big integers are slow.
 */
export const labelFingerprint = (labels: Readonly<Record<string, string>>): string => {
  let high = 0xcbf29ce4
  let low = 0x84222325
  const add = (byte: number) => {
    const xored = (low ^ byte) >>> 0
    const product = xored * PRIME_LOW
    low = product >>> 0
    high = (Math.imul(high, PRIME_LOW) + Math.floor(product / 2 ** 32) + (xored << 8)) >>> 0
  }
  const addText = (text: string) => {
    for (const byte of Buffer.from(text)) add(byte)
    add(SEPARATOR)
  }
  for (const [name, value] of Object.entries(labels).sort(byText)) {
    addText(name)
    addText(value)
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0')
}
