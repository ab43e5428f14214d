import { because } from '#core/cause/cause.ts'
import { SourceError } from '../import-plan.ts'
import type { SourceFile } from '../source.ts'
import { lineCounter } from './lines.ts'

/** An element, without its attributes. */
export interface XmlElement {
  readonly name: string
  readonly line: number
  readonly below: readonly XmlElement[]
  readonly text: string
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const plain = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,8}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole
  })

const TOKEN = /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[^>]*>|<(\/?)([A-Za-z_][\w.:-]{0,100})([^<>]*)>|([^<]+)/g
const DEEPEST = 50

interface Open {
  readonly name: string
  readonly line: number
  readonly below: XmlElement[]
  text: string
}

/**
 * Reads XML to its elements, from the front to the end once. A document type, with which a small file could ask for a large
 * one, is refused. Throws SourceError.
 */
export const readXml = (file: SourceFile): XmlElement => {
  const text = file.text()
  const lineOf = lineCounter(text)
  const wrong = (why: string, at: number): never => {
    throw new SourceError({ file: file.name, line: lineOf(at) }, because('import_bad_syntax', { why }))
  }
  const doctype = text.search(/<!DOCTYPE|<!ENTITY/i)
  if (doctype >= 0) wrong('a document type is not read', doctype)
  const root: Open = { name: '', line: 1, below: [], text: '' }
  const open: Open[] = [root]
  let end = 0
  for (const { 0: token, 1: data, 2: closing, 3: name, 4: rest, 5: words, index } of text.matchAll(TOKEN)) {
    if (index !== end) wrong('XML that is not closed', end)
    end = index + token.length
    const here = open.at(-1)!
    if (data !== undefined) here.text += data
    else if (words !== undefined) here.text += plain(words)
    else if (name !== undefined && closing === '/') {
      if (here.name !== name || open.length === 1) wrong(`</${name}> closes nothing`, index)
      open.pop()
      open.at(-1)!.below.push(here)
    } else if (name !== undefined) {
      const element: Open = { name, line: lineOf(index), below: [], text: '' }
      if (rest!.endsWith('/')) here.below.push(element)
      else if (open.push(element) > DEEPEST) wrong('too deep', index)
    }
  }
  if (end !== text.length || open.length > 1) wrong('XML that is not closed', end)
  return root
}
