import type { Found } from './regex.ts'

/** A name or a number behind a `$`, in braces or not. */
const REFERENCE = /^(?:\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/u
const NUMBER = /^(?:0|[1-9]\d{0,8})$/

/**
 * Fills what was found into a text as the original does: `$name`, `${name}`, `$1`, `${1}`, and `$$` for one of them. A
 * name is as long as it can be; what is not there is nothing, and a `$` before anything else stands for itself.
 */
export const expand = (template: string, { groups, names }: Found): Buffer => {
  const parts: Buffer[] = []
  let rest = template
  for (let at = rest.indexOf('$'); at >= 0; at = rest.indexOf('$')) {
    parts.push(Buffer.from(rest.slice(0, at)))
    rest = rest.slice(at + 1)
    const reference = rest.startsWith('$') ? null : REFERENCE.exec(rest)
    if (!reference) {
      parts.push(Buffer.from('$'))
      rest = rest.startsWith('$') ? rest.slice(1) : rest
      continue
    }
    const name = (reference[1] ?? reference[2])!
    const index = NUMBER.test(name) ? Number(name) : Object.hasOwn(names, name) ? names[name]! : groups.length
    parts.push(groups[index] ?? Buffer.alloc(0))
    rest = rest.slice(reference[0].length)
  }
  return Buffer.concat([...parts, Buffer.from(rest)])
}
