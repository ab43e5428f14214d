import { defineDetector } from '#core/detector.ts'
import type { ConnRecord } from '#core/event/zeek-record.ts'
import { Type } from '#lib/schema.ts'
import { ignoreField } from './networks.ts'

/** A trained model over connections. Off until it is chosen: trees and model are loaded only then. */
export const flowClassifier = defineDetector<ConnRecord>()({
  name: 'flow-classifier',
  title: 'Flow classifier',
  'x-es': { title: 'Clasificador de tráfico' },
  kinds: ['zeek/conn'],
  options: Type.Object(
    {
      on: Type.Optional(
        Type.Boolean({
          default: false,
          title: 'On',
          description: 'Judge connections by the trained model; off unless chosen',
          'x-es': {
            title: 'Activado',
            description: 'Juzgar las conexiones con el modelo entrenado; apagado si no se elige',
          },
        }),
      ),
      model: Type.Optional(
        Type.String({
          minLength: 1,
          title: 'Model',
          description: 'File of a model that you trained; the one that comes with the product if left out',
          'x-es': {
            title: 'Modelo',
            description: 'Archivo de un modelo propio; si falta, el que viene con el producto',
          },
        }),
      ),
      confidence: Type.Optional(
        Type.Number({
          minimum: 0.5,
          maximum: 0.999,
          default: 0.8,
          title: 'Confidence',
          description: 'From which confidence on a connection is suspicious',
          'x-es': { title: 'Certeza', description: 'Desde qué certeza una conexión es sospechosa' },
        }),
      ),
      connections: Type.Optional(
        Type.Integer({
          minimum: 1,
          default: 12,
          title: 'Connections',
          description: 'Suspicious connections of a machine within about an hour that make an event',
          'x-es': {
            title: 'Conexiones',
            description: 'Conexiones sospechosas de un equipo en una hora que hacen un evento',
          },
        }),
      ),
      ignore: ignoreField,
    },
    { additionalProperties: false },
  ),
  create: () => {
    throw new Error('the flow classifier is loaded first')
  },
  load: async ({ model: path }) => {
    const [{ createFlowDetection }, { readFlowModel }] = await Promise.all([
      import('./flow/detect-flows.ts'),
      import('./flow/flow-model.ts'),
    ])
    const model = readFlowModel(path)
    return 'error' in model ? model : (options, surroundings) => createFlowDetection(model, options, surroundings)
  },
})
