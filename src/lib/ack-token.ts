import { createHmac, timingSafeEqual } from 'node:crypto'

const FORM = /^([1-9]\d{0,15})\.([A-Za-z0-9_-]{22})$/

const signatureOf = (key: string, alertId: number): string =>
  createHmac('sha256', Buffer.from(key, 'base64'))
    .update(`ack:${alertId}`)
    .digest()
    .subarray(0, 16)
    .toString('base64url')

/** What lets its holder acknowledge one alert: `ID.SIGNATURE`, 128 bits, the same as long as the server keeps its key. */
export const ackToken = (key: string, alertId: number): string => `${alertId}.${signatureOf(key, alertId)}`

/** The alert that a token is for; undefined when the key did not sign it, or there is none. */
export const alertOfToken = (key: string | undefined, token: string): number | undefined => {
  const [, id, signature] = FORM.exec(token) ?? []
  if (id === undefined || signature === undefined || key === undefined) return undefined
  const expected = signatureOf(key, Number(id))
  return timingSafeEqual(Buffer.from(expected), Buffer.from(signature)) ? Number(id) : undefined
}
