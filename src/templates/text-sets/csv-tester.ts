import { outageOf, type TextSet } from './text-set.ts'

/** The ping tester: address, description and place, each in a line, empty where there is none. */
export const csvTester: TextSet = (message) => {
  const outage = outageOf(message)
  if (!outage) return undefined
  const host = message.target ?? message.subject
  const about = [message.description ?? '', message.location ?? '']
  return outage === 'failed'
    ? { subject: 'Connection Failure', lines: [`WARNING! Connection to host ${host} failed.`, ...about] }
    : { subject: 'Connection Restored!', lines: [`Connection to host ${host} was restored.`, ...about] }
}
