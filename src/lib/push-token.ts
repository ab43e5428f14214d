import { createHmac } from 'node:crypto'

/** The unguessable part of a push URL: 128 bits, the same for a monitor as long as the server keeps its key. */
export const pushToken = (key: string, monitorId: number): string =>
  createHmac('sha256', Buffer.from(key, 'base64'))
    .update(`push:${monitorId}`)
    .digest()
    .subarray(0, 16)
    .toString('base64url')

/** Path of a monitor's push URL. */
export const pushPath = (key: string, monitorId: number): string => `/push/${pushToken(key, monitorId)}`
