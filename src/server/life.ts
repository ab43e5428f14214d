import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import type { TrustedTime } from '#core/trusted-time.ts'
import type { JsonObject } from '#lib/json.ts'
import type { Repositories, Storage } from '#storage/index.ts'

/** The last sign of life of a server, as it stays in the store. */
export interface Life {
  /** By the server's clock, ms since the epoch. */
  readonly at: number
  /** Which start of the machine it was; null where the system does not say. */
  readonly boot: string | null
  /** How long the machine had run then, its sleep included, ms. */
  readonly uptimeMs: number
  readonly trust: TrustedTime
}

const LIFE = 'life'
/** Where an older server wrote it, as a bare time. */
const LAST_ALIVE_AT = 'last_alive_at'

/** Which start of the machine this is; null where the system does not say. */
export const bootId = (): string | null => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return null
  }
}

/** Time since the machine started, ms, its sleep included. */
export const uptimeMs = (): number => Math.round(uptime() * 1000)

export const readLife = async ({ settings }: Pick<Storage, 'settings'>): Promise<Life | undefined> => {
  const life = await settings.get<JsonObject>(LIFE)
  if (life) return life as unknown as Life
  const at = await settings.get<number>(LAST_ALIVE_AT)
  return at === undefined ? undefined : { at, boot: null, uptimeMs: 0, trust: { at, waitedMs: 0 } }
}

export const writeLife = ({ settings }: Pick<Repositories, 'settings'>, life: Life): Promise<void> =>
  settings.set(LIFE, { ...life, trust: { ...life.trust } })

/** How long the machine has run since that sign of life, ms; undefined when it was started anew meanwhile. */
export const elapsedSince = (life: Life, boot: string | null, uptimeNow: number): number | undefined =>
  life.boot !== null && life.boot === boot && uptimeNow >= life.uptimeMs ? uptimeNow - life.uptimeMs : undefined
