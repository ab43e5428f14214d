import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { describe, it } from 'node:test'
import { channelTypes } from '#channels/index.ts'
import { monitorEntrySchema } from '#config/monitor-schema.ts'
import { deliverySchema } from '#core/message/channel-entry.ts'
import type { Language } from '#core/message/message.ts'
import { serverSettingsSchema } from '#core/server-settings.ts'
import { detectorTypes } from '#detectors/index.ts'
import { createJobs, type JobDeps } from '#pipeline/clockwork/jobs.ts'
import { probeTypes } from '#probes/index.ts'
import { renderMessage } from '#templates/render.ts'
import { causeSentences, cureSentences } from '#templates/texts/causes/index.ts'
import { texts } from '#templates/texts/index.ts'
import { lookTexts } from '#templates/texts/looks/index.ts'
import { valueFaultsEs } from '#templates/texts/value-faults-es.ts'
import { type MessageCase, TIME_ZONE } from '../../messages/case.ts'
import { messageCases } from '../../messages/cases/index.ts'
import * as problems from '../../web/src/i18n/problems-es.ts'
import { englishIn, neverIn, neverInEnglish, textsIn } from '../fixtures/spanish-words.ts'

type Text = readonly [path: string, text: string]

const TEXTS = new URL('../../web/src/i18n/texts/', import.meta.url)

/** Every file of texts, whoever adds one. */
const page: Record<string, Readonly<Record<Language, object>>> = {}
for (const file of readdirSync(TEXTS)) Object.assign(page, await import(new URL(file, TEXTS).href))

const pageTexts = (language: Language): readonly Text[] =>
  Object.entries(page).flatMap(([name, both]) => textsIn(both[language], `page.${name}`))

/** The Spanish that stands beside the English of schemas, however deep. */
const besides = (value: unknown, path: string): readonly Text[] => {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) =>
    name === 'x-es' ? textsIn(one, path) : besides(one, `${path}.${name}`),
  )
}

const types = [...probeTypes.values(), ...channelTypes.values(), ...detectorTypes.values()]
const schemas = { types, monitorEntrySchema, deliverySchema, serverSettingsSchema, jobs: createJobs({} as JobDeps) }

const sentencesOf = (language: Language): readonly Text[] => [
  ...textsIn(causeSentences[language], 'causes'),
  ...textsIn(cureSentences[language], 'cures'),
  ...textsIn(lookTexts[language], 'looks'),
  ...textsIn(texts[language], 'messages'),
]

/** Texts that somebody else wrote, in his own language: no sentence of ours says them. */
const foreign = ({ message }: MessageCase): readonly string[] => {
  const { event, labels, subject, location = '', description = '', rule, ack, items = [], closed_by = '' } = message
  const { reason, ...fields } = event ?? {}
  const kinds = new Set(['zeek_notice', undefined])
  return [
    ...textsIn({ fields, labels, subject, location, description, rule, ack, closed_by }, '').map(([, text]) => text),
    ...(kinds.has(event?.detection_type as string | undefined) && typeof reason === 'string' ? [reason] : []),
    ...items.map((item) => item.subject),
  ].filter((text) => text !== message.cause || event?.type === 'prometheus_alert')
}

/** Everything that a message says to people, without what is not ours. */
const saidBy = (one: MessageCase, language: Language): readonly Text[] => {
  const { message, now } = one
  const { subject, lines, chat } = renderMessage(message, { language, timeZone: TIME_ZONE, now, ackToken: () => '7.a' })
  const said = [
    subject,
    ...lines,
    chat.title,
    chat.detail,
    ...[...chat.links, ...(chat.actions ?? [])].map((link) => link.label),
  ]
  const others = foreign(one).toSorted((a, b) => b.length - a.length)
  return said.map((text) => [
    `${one.name}: ${text}`,
    others.filter((other) => other.length > 2).reduce((rest, other) => rest.replaceAll(other, '·'), text),
  ])
}

const messageTexts = (language: Language): readonly Text[] => messageCases.flatMap((one) => saidBy(one, language))

const wrong = (all: readonly Text[], judge: (text: string) => readonly string[]): readonly string[] => [
  ...new Set(all.flatMap(([path, text]) => judge(text).map((word) => `${path}: ${word}`))),
]

describe('words for people', () => {
  const spanish: Readonly<Record<string, () => readonly Text[]>> = {
    messages: () => messageTexts('es'),
    'causes, cures, looks and fixed words of messages': () => sentencesOf('es'),
    'the page': () => pageTexts('es'),
    'what is said of refusals': () => [...textsIn(problems, 'problems'), ...textsIn(valueFaultsEs, 'faults')],
    'forms and types': () => besides(schemas, ''),
  }

  for (const [what, all] of Object.entries(spanish)) {
    it(`have no English in Spanish: ${what}`, () => {
      assert.ok(all().length > 3)
      assert.deepEqual(wrong(all(), englishIn), [])
    })

    it(`keep to the glossary in Spanish: ${what}`, () => assert.deepEqual(wrong(all(), neverIn), []))
  }

  it('keep to the glossary in English', () => {
    const all = [...messageTexts('en'), ...sentencesOf('en'), ...pageTexts('en')]
    assert.deepEqual(wrong(all, neverInEnglish), [])
  })

  it('are refused where they are English, or not of the trade', () => {
    assert.deepEqual(englishIn('the resolver 127.0.0.1:53 rechazó la conexión'), ['the'])
    assert.deepEqual(englishIn('Atendida por Laura P. (by link)'), ['by'])
    assert.deepEqual(englishIn('Escriba "3 of 5", {{up}} o https://x.example/up-and-down'), [])
    assert.deepEqual(neverIn('96 equipos afectados'), ['afectados (incomunicado, sin servicio)'])
    assert.deepEqual(neverIn('La planta baja'), [])
    assert.deepEqual(neverInEnglish('Still down: a (told apart if not back)'), ['told apart (announced separately)'])
  })
})
