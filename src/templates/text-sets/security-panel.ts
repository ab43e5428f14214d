import type { TextSet } from './text-set.ts'

const TEST = {
  subject: '[TEST] Alerta de Prueba - Sistema de Seguridad VPS',
  lines: [
    'Este es un mensaje de prueba del sistema de alertas.',
    '',
    'Si recibes este email, el canal está configurado correctamente.',
  ],
}

/** The security panel: what a rule without templates said, and its test. */
export const securityPanel: TextSet = ({ reason, monitor, event }) => {
  if (reason === 'test' && event === undefined) return TEST
  if (monitor !== null || event === undefined || (reason !== 'first' && reason !== 'repeat')) return undefined
  const text = `Alert: ${event.type ?? 'Unknown'} - ${event.message ?? 'No details'}`
  return { subject: text, lines: [text] }
}
