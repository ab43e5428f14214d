import { hashText } from '#lib/sketch/hash.ts'
import { splitName } from './registered-domain.ts'

/** Domains below which anybody gets a name of his own: the name is the label in front. */
const DYNAMIC = new Set(
  `ddns.net dyndns.org dynserv.com mooo.com yi.org no-ip.org no-ip.com no-ip.biz no-ip.info hopto.org zapto.org sytes.net
  myftp.org myftp.biz redirectme.net servebeer.com serveblog.net servehttp.com servegame.com serveftp.com bounceme.net
  dyndns.info dyndns.biz dyndns.tv dyndns-ip.com homeip.net homeftp.org homelinux.com homelinux.net homelinux.org
  homeunix.com selfip.com selfip.net selfip.org dnsalias.com dnsalias.net dnsalias.org dynu.net dynu.com duckdns.org
  afraid.org chickenkiller.com strangled.net ignorelist.com us.to uk.to crabdance.com jumpingcrab.com twilightparadox.com
  3322.org 8866.org 9966.org 2288.org 6600.org 8800.org 7766.org vicp.net oicp.net gicp.net xicp.net eicp.net
  changeip.com changeip.net ddns.info ddns.us ddns.me ddns.mobi dns-dns.com dnset.com ns01.info ns02.info
  myvnc.com gotdns.com gotdns.org webhop.me dynalias.com dynalias.net dynalias.org dyn-o-saur.com dynv6.net
  github.io gitlab.io herokuapp.com netlify.app pages.dev workers.dev web.app firebaseapp.com vercel.app
  blogspot.com wordpress.com weebly.com wixsite.com tumblr.com livejournal.com altervista.org freehostia.com
  onion.to onion.link tor2web.org cu.cc co.cc cz.cc`
    .split(/\s+/)
    .filter((name) => name !== ''),
)

/** The part of a host name that somebody, or a program, made up. */
export interface MadeName {
  /** What was registered, the suffix included. */
  readonly domain: string
  /** The label that was made up. */
  readonly label: string
  readonly suffix: string
}

/** Undefined for what nobody registers: single labels, addresses, service records. */
export const madeName = (name: string): MadeName | undefined => {
  const { domain, prefix } = splitName(name)
  if (domain === '') return undefined
  const dot = domain.indexOf('.')
  if (!DYNAMIC.has(domain) || prefix === '')
    return dot < 0 ? undefined : { domain, label: domain.slice(0, dot), suffix: domain.slice(dot + 1) }
  const label = prefix.slice(prefix.lastIndexOf('.') + 1)
  return { domain: `${label}.${domain}`, label, suffix: domain }
}

/** Weights of hashed features; a power of two. */
export const HASHED = 1 << 14
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789-_'
/** Characters, the edge of a label, and anything else. */
export const SYMBOLS = ALPHABET.length + 2
const EDGE = ALPHABET.length
const OTHER = ALPHABET.length + 1

const CODES = new Uint8Array(128).fill(OTHER)
for (let index = 0; index < ALPHABET.length; index++) CODES[ALPHABET.charCodeAt(index)] = index

/** The characters of a label as small numbers, with two edges before and one behind. */
export const symbolsOf = (label: string): Uint8Array => {
  const symbols = new Uint8Array(label.length + 3).fill(EDGE)
  for (let index = 0; index < label.length; index++) symbols[index + 2] = CODES[label.charCodeAt(index)] ?? OTHER
  return symbols
}

/** How surprising each triple of characters is in names that people chose: a byte each, 0 for usual. */
export type Surprise = Uint8Array
export const SURPRISE_SCALE = 20

export const tripleAt = (symbols: Uint8Array, index: number): number =>
  (symbols[index]! * SYMBOLS + symbols[index + 1]!) * SYMBOLS + symbols[index + 2]!

/** Surprise per triple of a label, in nats: its mean, and that of its most surprising half. */
const surpriseOf = (symbols: Uint8Array, surprise: Surprise): { mean: number; upper: number } => {
  const values = new Uint8Array(symbols.length - 2)
  let sum = 0
  for (let index = 0; index < values.length; index++) {
    values[index] = surprise[tripleAt(symbols, index)]!
    sum += values[index]!
  }
  values.sort()
  const half = values.length >> 1
  let upper = 0
  for (let index = half; index < values.length; index++) upper += values[index]!
  return {
    mean: sum / values.length / SURPRISE_SCALE,
    upper: upper / Math.max(1, values.length - half) / SURPRISE_SCALE,
  }
}

const VOWELS = new Set([...'aeiouy'].map((vowel) => CODES[vowel.charCodeAt(0)]!))
const FIRST_DIGIT = CODES['0'.charCodeAt(0)]!
const LAST_DIGIT = CODES['9'.charCodeAt(0)]!
const isDigit = (symbol: number): boolean => symbol >= FIRST_DIGIT && symbol <= LAST_DIGIT

interface Shape {
  readonly digits: number
  readonly vowels: number
  readonly consonantRun: number
  readonly turns: number
  readonly distinct: number
  readonly hyphens: number
}

const shapeOf = (symbols: Uint8Array): Shape => {
  let digits = 0
  let vowels = 0
  let run = 0
  let consonantRun = 0
  let turns = 0
  let hyphens = 0
  const seen = new Set<number>()
  for (let index = 2; index < symbols.length - 1; index++) {
    const symbol = symbols[index]!
    seen.add(symbol)
    const digit = isDigit(symbol)
    if (digit) digits++
    else if (symbol === CODES[45]) hyphens++
    const vowel = VOWELS.has(symbol)
    if (vowel) vowels++
    run = vowel || digit ? 0 : run + 1
    if (run > consonantRun) consonantRun = run
    if (index > 2 && digit !== isDigit(symbols[index - 1]!)) turns++
  }
  return { digits, vowels, consonantRun, turns, distinct: seen.size, hyphens }
}

const bin = (value: number, edges: readonly number[]): number => {
  let index = 0
  while (index < edges.length && value >= edges[index]!) index++
  return index
}

const LENGTHS = [4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 20, 24, 28]
const SURPRISES = [1, 1.4, 1.7, 2, 2.2, 2.4, 2.6, 2.8, 3, 3.2, 3.4, 3.7, 4, 4.5, 5]
const SHARES = [0.05, 0.15, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6]

/**
 * Features of a name as positions among `HASHED` weights, each with value 1: runs of two to four characters, and
 * what the name looks like as a whole, which carries over to families whose runs were never seen.
 */
export const featuresOf = ({ label, suffix }: MadeName, surprise: Surprise): readonly number[] => {
  const text = `^${label}$`
  const features: number[] = []
  for (let size = 2; size <= 4; size++)
    for (let index = 0; index + size <= text.length; index++)
      features.push(hashText(text.slice(index, index + size), size) & (HASHED - 1))
  const add = (feature: string) => features.push(hashText(feature, 99) & (HASHED - 1))
  const symbols = symbolsOf(label)
  const length = Math.max(1, label.length)
  const { mean, upper } = surpriseOf(symbols, surprise)
  const { digits, vowels, consonantRun, turns, distinct, hyphens } = shapeOf(symbols)
  const lengthBin = bin(length, LENGTHS)
  const meanBin = bin(mean, SURPRISES)
  add(`length ${lengthBin}`)
  add(`mean ${meanBin}`)
  add(`upper ${bin(upper, SURPRISES)}`)
  add(`length ${lengthBin >> 1} mean ${meanBin}`)
  add(`vowels ${bin(vowels / length, SHARES)}`)
  add(`vowels ${bin(vowels / length, SHARES)} length ${lengthBin >> 1}`)
  add(`run ${Math.min(consonantRun, 8)}`)
  add(`run ${Math.min(consonantRun, 8)} mean ${meanBin >> 1}`)
  add(`digits ${bin(digits / length, SHARES)}`)
  add(`turns ${Math.min(turns, 6)}`)
  add(`distinct ${bin(distinct / length, [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])} length ${lengthBin >> 1}`)
  if (hyphens > 0) add('hyphen')
  add(`suffix ${suffix}`)
  return features
}
