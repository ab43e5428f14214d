import { refused } from '#core/problem.ts'
import { says } from '#core/said.ts'
import type { UploadedFiles } from './uploaded-files.ts'

/** Why an upload cannot be read or stored at this moment. */

export const isBusy = () => {
  const said = says('It is being read or stored at this moment.', 'Se está leyendo o guardando en este momento.')
  return refused('in_use', '', said.message, said)
}

export const tooMany = (most: number) => {
  const said = says(
    `${most} others are being sent or read at this moment: try again when one of them is through.`,
    `Otras ${most} importaciones se están enviando o leyendo en este momento: vuelva a intentarlo cuando termine una.`,
  )
  return refused('in_use', '', said.message, said)
}

export const changedMeanwhile = () => {
  const said = says(
    'Something else is being changed all the time: try again.',
    'Otra cosa cambia todo el tiempo: vuelva a intentarlo.',
  )
  return refused('changed_meanwhile', '', said.message, said)
}

const ENDED = says(
  'It needs more time or memory than a running server gives it: bring it in with vigia import --apply, with the server stopped.',
  'Necesita más tiempo o memoria de lo que da un servidor en marcha: tráigalo con vigia import --apply, con el servidor detenido.',
)

export const endedBody = (files: UploadedFiles): string => {
  const why = { code: 'import_ended', facts: {}, message: ENDED.message, message_es: ENDED['x-es'].message }
  return JSON.stringify({ applied: false, refused: [{ place: files.names()[0]?.name ?? '', why }] })
}
