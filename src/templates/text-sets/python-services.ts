import { outageOf, type TextSet } from './text-set.ts'

/** A moment as that program printed it: UTC, and microseconds that nobody measured. */
const stamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 23).replace('T', ' ')}000`

const placeOf = (target: string): { readonly host: string; readonly port: string } => {
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(target) ?? []
  return { host: bracketed ?? plain ?? target, port }
}

/** The TCP monitor: one line, which began with its time. */
export const pythonServices: TextSet = (message, { now }) => {
  const outage = outageOf(message)
  if (!outage) return undefined
  const { host, port } = placeOf(message.target ?? message.subject)
  const line =
    outage === 'failed'
      ? `${stamp(Date.parse(message.since))} -- Outage detected at ${host} (port: ${port})`
      : `${stamp(now)} -- Service is back UP for: ${host}`
  return { subject: line, lines: [line] }
}
