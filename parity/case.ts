/** A template and what it is rendered with. */
export interface Case {
  readonly template: string
  readonly facts: object
  readonly html: boolean
}

/** What templates are tried with: an event as the older panel knows it, and values of every kind. */
export const FACTS = {
  ip: '203.0.113.7',
  country: null,
  severity: 'HIGH',
  confidence: 87,
  score: 0.875,
  rssi: -67.4,
  zero: 0,
  negative: -3,
  big: 1234567,
  yes: true,
  no: false,
  empty: '',
  name: 'Torre Ñandú <7> & "sur"',
  line: 'uno dos\ntres',
  digits: '42',
  face: '🔴 caído',
  ports: [443, 22, 8080],
  words: ['uno', 'Dos', 'tres'],
  nothing: [],
  labels: { site: 'Córdoba', tier: 'core', áspero: 1, b: null },
  hosts: [
    { ip: '192.0.2.1', n: 1, tag: 'b', up: true },
    { ip: '192.0.2.2', n: 3, tag: 'a', up: false },
    { ip: '192.0.2.3', n: 2, tag: 'B', up: true },
  ],
  at: '2026-11-21T06:12:04.000Z',
} as const

export const cases = (templates: readonly string[], { html = false, facts = FACTS as object } = {}): readonly Case[] =>
  templates.map((template) => ({ template, facts, html }))

/** Each of one with each of the other. */
export const each = <A, B>(as: readonly A[], bs: readonly B[], make: (a: A, b: B) => string): readonly string[] =>
  as.flatMap((a) => bs.map((b) => make(a, b)))
