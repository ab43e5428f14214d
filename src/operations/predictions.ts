import type { VigiaEvent } from '#core/event/event.ts'
import { ML_PREDICTION } from '#core/event/prediction.ts'
import { FLOW_VERDICTS, type FlowVerdict } from '#core/event/site-verdicts.ts'
import { notThere, type Outcome, refused } from '#core/problem.ts'
import { says } from '#core/said.ts'
import type { By } from '#core/who/by.ts'
import { isObject } from '#lib/json.ts'
import { changed, type Operate } from './operation.ts'

/** What somebody may say of a prediction; null takes it back. */
type Verdict = FlowVerdict['verdict'] | null

export interface PredictionOperations {
  /** Says that a prediction of the flow classifier was right, or that such traffic is benign here. */
  judge(by: By, eventId: number, verdict: Verdict): Promise<Outcome<FlowVerdict | null>>
}

/** Answers that are kept; the oldest give way. */
const MOST = 2000

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const verdictOf = (event: VigiaEvent, verdict: FlowVerdict['verdict'], by: By, at: number): FlowVerdict => {
  const { ip, attack_type: kind, dest_port: port, evidence } = event.data
  const held: Readonly<Record<string, unknown>> = isObject(evidence) ? evidence : {}
  return {
    eventId: event.id,
    verdict,
    ip: text(ip),
    kind: text(kind),
    port: typeof port === 'number' ? port : 0,
    at,
    by: by.name,
    features: text(held.features),
    featureSet: typeof held.feature_set === 'number' ? held.feature_set : 0,
  }
}

/** True for what our own classifier said: what others post is theirs to judge. */
const isOurs = ({ type, source, data }: VigiaEvent): boolean =>
  type === ML_PREDICTION && data.detector === 'flow-classifier' && source.startsWith('zeek:')

/** `inForce` tells the detectors: an exception holds at once. */
export const createPredictionOperations = (operate: Operate, inForce: () => Promise<void>): PredictionOperations => ({
  judge: async (by, eventId, verdict) => {
    return operate(
      by,
      async ({ events, settings }, at) => {
        const event = await events.byId(eventId)
        if (!event) return notThere('event')
        if (!isOurs(event))
          return refused(
            'invalid_input',
            'id',
            'This event is no prediction of the flow classifier of this server.',
            says(
              'This event is no prediction of the flow classifier of this server.',
              'Este evento no es una predicción del clasificador de tráfico de este servidor.',
            ),
          )
        const all = (await settings.get<readonly FlowVerdict[]>(FLOW_VERDICTS)) ?? []
        const others = all.filter((one) => one.eventId !== eventId)
        const given = verdict === null ? null : verdictOf(event, verdict, by, at)
        await settings.set(FLOW_VERDICTS, [...others, ...(given ? [given] : [])].slice(-MOST))
        return changed(given, {
          action: 'update',
          object: 'prediction',
          objectId: eventId,
          details: { verdict: verdict ?? 'taken back', ip: text(event.data.ip) },
        })
      },
      inForce,
    )
  },
})
