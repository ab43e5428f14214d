/** Second-level labels under which countries register: `example.co.uk`, `example.com.ar`. */
const SECOND_LEVEL = new Set(
  'ac asn co com edu ed firm gen go gob gouv gov govt gub gv id ind info int ltd me mil mod museum name ne net nhs nic nom or org plc police pol pro sch school tm web'.split(
    ' ',
  ),
)

/** Where a name's registered domain begins, and what is in front of it. */
export interface SplitName {
  /** What somebody registered: `example.co.uk`; '' when the name has no plausible top-level domain. */
  readonly domain: string
  /** The labels in front of it: `a.b`. */
  readonly prefix: string
}

const isTopLevel = (label: string): boolean => /^[a-z]{2,24}$/.test(label) || label.startsWith('xn--')

/**
 * Splits a host name, in lower case, into registered domain and prefix, by the shape of country domains instead of the
 * public suffix list: wrong for a few private suffixes, but never out of date.
 */
export const splitName = (name: string): SplitName => {
  const end = name.endsWith('.') ? name.length - 1 : name.length
  const last = name.lastIndexOf('.', end - 1)
  const top = name.slice(last + 1, end)
  if (last < 0 || !isTopLevel(top)) return { domain: '', prefix: name.slice(0, end) }
  const second = last === 0 ? -1 : name.lastIndexOf('.', last - 1)
  const isSuffix = top.length === 2 && second > 0 && SECOND_LEVEL.has(name.slice(second + 1, last))
  const cut = isSuffix ? name.lastIndexOf('.', second - 1) : second
  return cut < 0
    ? { domain: name.slice(0, end), prefix: '' }
    : { domain: name.slice(cut + 1, end), prefix: name.slice(0, cut) }
}
