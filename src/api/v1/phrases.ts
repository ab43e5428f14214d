import type { FastifyInstance } from 'fastify'
import type { Language } from '#core/message/message.ts'
import { Type } from '#lib/schema.ts'
import { cureSentences } from '#templates/texts/causes/index.ts'
import { texts } from '#templates/texts/index.ts'
import { lookTexts } from '#templates/texts/looks/index.ts'

const inLanguage = Type.Object({
  language: Type.Unsafe<Language>({ enum: Object.keys(texts), description: 'The language that they are wanted in' }),
})

/** Sentences and words, each with its code. */
const byCode = (sentences: Readonly<Record<string, string>>) =>
  Object.entries(sentences).map(([code, text]) => ({ code, text }))

/** What causes say, with `{name}` where a fact stands: a page says a cause by its code and facts in the reader's language. */
export const addPhraseRoutes = (app: FastifyInstance): void => {
  app.get<{ Querystring: { language: Language } }>(
    '/phrases',
    {
      schema: {
        summary: 'Sentences of causes and cures, and words of looks, by code, in one language',
        querystring: inLanguage,
      },
    },
    async ({ query: { language } }) => ({
      items: byCode(texts[language].sentences),
      cures: byCode(cureSentences[language]),
      looks: byCode(lookTexts[language]),
    }),
  )
}
