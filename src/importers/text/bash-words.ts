import { lineCounter } from './lines.ts'

/** A word of a shell script, as the shell would read it; `open` where it would be made when it runs. */
interface Word {
  readonly text: string
  readonly open: boolean
  readonly end: number
}

const STOPS = new Set([' ', '\t', '\n', ')', ';', '&', '|'])
const ESCAPED = new Set(['"', '\\', '$', '`', '\n'])

/** Reads one word from an offset on: bare, in quotes of both kinds, or several of these together. */
const wordAt = (text: string, from: number, stops: ReadonlySet<string>): Word => {
  let word = ''
  let open = false
  let at = from
  while (at < text.length && !stops.has(text[at]!)) {
    const char = text[at]!
    if (char === "'") {
      const end = text.indexOf("'", at + 1)
      if (end < 0) return { text: word, open: true, end: text.length }
      word += text.slice(at + 1, end)
      at = end + 1
    } else if (char === '"') {
      at++
      while (at < text.length && text[at] !== '"') {
        if (text[at] === '\\' && ESCAPED.has(text[at + 1] ?? '')) {
          if (text[at + 1] !== '\n') word += text[at + 1]
          at += 2
          continue
        }
        if (text[at] === '$' || text[at] === '`') open = true
        word += text[at++]
      }
      if (at >= text.length) open = true
      at++
    } else if (char === '\\') {
      if (text[at + 1] !== '\n') word += text[at + 1] ?? ''
      at += 2
    } else {
      if (char === '$' || char === '`') open = true
      word += char
      at++
    }
  }
  return { text: word, open, end: at }
}

/** One entry of an associative array, with the line in which it stands, from 1. */
export interface ArrayEntry {
  readonly key: string
  readonly value: string
  readonly line: number
  /** True where the shell would make it when it runs. */
  readonly open: boolean
}

/** What of a list is no entry. */
export interface Unread {
  readonly line: number
  readonly text: string
}

/** Over blanks, line ends and remarks. */
const skip = (text: string, from: number): number => {
  let at = from
  for (;;) {
    while (at < text.length && /[\s\\]/.test(text[at]!)) at++
    if (text[at] !== '#') return at
    const end = text.indexOf('\n', at)
    at = end < 0 ? text.length : end
  }
}

const KEY_STOPS = new Set([']', '\n'])

/** An entry `[key]=value` at an offset; undefined where there is none. */
const entryAt = (text: string, from: number): (Omit<ArrayEntry, 'line'> & { readonly end: number }) | undefined => {
  if (text[from] !== '[') return undefined
  const key = wordAt(text, from + 1, KEY_STOPS)
  if (text.slice(key.end, key.end + 2) !== ']=') return undefined
  const value = wordAt(text, key.end + 2, STOPS)
  return { key: key.text, value: value.text, open: key.open || value.open, end: value.end }
}

/**
 * Entries of an associative array of a bash script, in their order, and what in its list is none. The script is read, never
 * run: of a value that the shell would make when it runs nothing is known.
 */
export const readBashArray = (
  text: string,
  name: string,
): { readonly entries: readonly ArrayEntry[]; readonly unread: readonly Unread[] } => {
  const entries: ArrayEntry[] = []
  const unread: Unread[] = []
  const lineOf = lineCounter(text)
  const begins = new RegExp(
    `^[ \\t]*(?:(?:declare|local|typeset|export|readonly)(?:[ \\t]+-\\w+)*[ \\t]+)?${name}(?=\\+?=\\(|\\[)`,
    'gm',
  )
  for (let begin = begins.exec(text); begin; begin = begins.exec(text)) {
    let at = begin.index + begin[0].length
    if (text[at] === '[') {
      const entry = entryAt(text, at)
      if (entry) entries.push({ key: entry.key, value: entry.value, open: entry.open, line: lineOf(at) })
      continue
    }
    at = text.indexOf('(', at) + 1
    for (at = skip(text, at); at < text.length && text[at] !== ')'; at = skip(text, at)) {
      const entry = entryAt(text, at)
      if (entry) {
        entries.push({ key: entry.key, value: entry.value, open: entry.open, line: lineOf(at) })
        at = entry.end
        continue
      }
      const other = wordAt(text, at, STOPS)
      unread.push({ line: lineOf(at), text: text.slice(at, Math.max(other.end, at + 1)) })
      at = Math.max(other.end, at + 1)
    }
    begins.lastIndex = Math.max(at, begins.lastIndex)
  }
  return { entries, unread }
}

/** A plain assignment `NAME="value"` of a script; undefined where there is none, or it is made when it runs. */
export const readBashValue = (text: string, name: string): string | undefined => {
  const found = new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}=`, 'm').exec(text)
  if (!found) return undefined
  const word = wordAt(text, found.index + found[0].length, STOPS)
  return word.open ? undefined : word.text
}
