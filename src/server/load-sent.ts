import type { SentConfiguration } from '#api/services.ts'
import { channelTypes } from '#channels/index.ts'
import { type Config, type ConfigProblem, loadConfigText } from '#config/load.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'

/** A file that was read, as it can cross a thread. */
export type LoadedFile =
  | { readonly ok: true; readonly config: Omit<Config, 'written'> }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

/** Reads a file that was handed over, with nothing but what came with it. */
export const loadSent = ({ file, text, environment = {}, tables = {} }: SentConfiguration): LoadedFile => {
  const readFile = (name: string): Uint8Array => {
    const table = Object.hasOwn(tables, name) ? tables[name] : undefined
    if (table === undefined) throw Object.assign(new Error('it was not sent'), { code: 'ENOENT' })
    return Buffer.from(table, 'base64')
  }
  const loaded = loadConfigText(text, file, { environment, probeTypes, channelTypes, parseTarget, readFile })
  if (!loaded.ok) return loaded
  const { written: _, ...config } = loaded.config
  return { ok: true, config }
}
