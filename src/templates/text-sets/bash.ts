import { outageOf, type TextSet } from './text-set.ts'

/** The ping script: it told failures alone. */
export const bash: TextSet = (message) =>
  outageOf(message) === 'failed'
    ? {
        subject: `Alerta: ${message.subject} no responde`,
        lines: [`NO responde una parte de la red: ${message.subject}`],
      }
    : undefined
