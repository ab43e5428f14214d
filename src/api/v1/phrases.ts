import type { FastifyInstance } from 'fastify'
import type { Language } from '#core/message/message.ts'
import { Type } from '#lib/schema.ts'
import { phrases } from '#templates/texts/index.ts'

const inLanguage = Type.Object({
  language: Type.Unsafe<Language>({ enum: Object.keys(phrases), description: 'The language that they are wanted in' }),
})

/** What probes say of a failure is a fact in English; with these a page says it in the reader's language. */
export const addPhraseRoutes = (app: FastifyInstance): void => {
  app.get<{ Querystring: { language: Language } }>(
    '/phrases',
    { schema: { summary: 'Sentences of probes in another language', querystring: inLanguage } },
    async ({ query }) => ({
      items: phrases[query.language].map(({ pattern, means }) => ({ pattern: pattern.source, means })),
    }),
  )
}
