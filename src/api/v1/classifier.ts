import type { FastifyInstance } from 'fastify'
import { FLOW_VERDICTS, type FlowVerdict, isTrusted, siteVerdicts } from '#core/event/site-verdicts.ts'
import { type Static, Type } from '#lib/schema.ts'
import { iso } from '#lib/time/iso.ts'
import { byOf } from '../access/by.ts'
import { refuse } from '../refuse.ts'
import type { Services } from '../services.ts'
import { idParams } from './lists.ts'

const answer = Type.Object(
  {
    verdict: Type.Union([Type.Literal('benign'), Type.Literal('malicious'), Type.Null()], {
      description:
        'benign: such traffic of this machine is expected here, and no longer told; null takes the answer back',
    }),
  },
  { additionalProperties: false },
)

const NAME = 'flow-classifier'

const view = ({ eventId, verdict, ip, kind, port, at, by }: FlowVerdict) => ({
  event: eventId,
  verdict,
  ip,
  attack_type: kind,
  dest_port: port,
  at: iso(at),
  by,
})

/** The flow classifier: what it was trained on, how it does here, and what people say of its predictions. */
export const addClassifierRoutes = (app: FastifyInstance, services: Services): void => {
  const { storage, operations, sources } = services

  app.get(
    '/classifier',
    { schema: { summary: 'The flow classifier: its card, and its false rate on this site' } },
    async () => {
      const running = sources().sources.flatMap(({ detectors }) => detectors[NAME] ?? [])
      const verdicts = (await storage.settings.get<readonly FlowVerdict[]>(FLOW_VERDICTS)) ?? []
      const site = siteVerdicts(verdicts)
      // Read where somebody asks: a server without the classifier never loads it.
      const { readFlowModel } = await import('#detectors/flow/flow-model.ts')
      const model = readFlowModel()
      return {
        on: running.length > 0,
        predictions: running.reduce((sum, { events }) => sum + events, 0),
        judged: site.judged,
        benign: site.benign,
        false_rate: site.judged === 0 ? null : site.benign / site.judged,
        counts_only: !isTrusted(site),
        verdicts: verdicts.toReversed().slice(0, 100).map(view),
        ...('error' in model
          ? { model: null, card: null, problem: model.error }
          : { model: model.id, card: model.card, problem: null }),
      }
    },
  )

  app.put<{ Params: { id: number }; Body: Static<typeof answer> }>(
    '/events/:id/verdict',
    {
      schema: { summary: 'Say whether a prediction of the flow classifier was right', params: idParams, body: answer },
    },
    async (request, reply) => {
      const outcome = await operations.predictions.judge(byOf(request), request.params.id, request.body.verdict)
      if (!outcome.ok) return refuse(reply, outcome.problem)
      return { verdict: outcome.value === null ? null : view(outcome.value) }
    },
  )
}
