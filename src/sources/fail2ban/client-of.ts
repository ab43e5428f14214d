import type { BanClient } from '#core/ban/ban-client.ts'
import { createFail2banClient } from './client.ts'
import { createHelperClient } from './helper-client.ts'

const HELPER = 'unix:'

/** A client of a command, or behind `unix:` the socket of a helper that may run it. */
export const fail2banClientOf = (words: readonly string[], timeZone: string): BanClient => {
  const [first = ''] = words
  return first.startsWith(HELPER) && words.length === 1
    ? createHelperClient({ path: first.slice(HELPER.length) })
    : createFail2banClient({ command: words, timeZone })
}
