import { randomBytes } from 'node:crypto'
import type { Storage } from './index.ts'
import { isSealed, type Sealer } from './seal.ts'

/**
 * A key of 256 bits, base64, made once and kept sealed under its name: nodes that start together agree on one. An older
 * server kept it in clear; it is sealed now. Undefined where the key that sealed it is missing: a new one would silently
 * take away the meaning of all that the old one signed.
 */
export const signingKey = async (
  { settings }: Pick<Storage, 'settings'>,
  name: string,
  sealer: Sealer,
): Promise<string | undefined> => {
  const make = () =>
    sealer.canSeal ? settings.ensure(name, sealer.seal(randomBytes(32).toString('base64'))) : undefined
  const stored = (await settings.get<string>(name)) ?? (await make())
  if (stored === undefined) return undefined
  const opened = isSealed(stored) ? sealer.open(stored) : ({ ok: true, value: stored } as const)
  if (!opened.ok) return undefined
  const wanted = sealer.canSeal && (!isSealed(stored) || sealer.isOutdated(stored))
  if (wanted) await settings.set(name, sealer.seal(opened.value))
  return opened.value
}

/** Makes a new one in the place of one that opens no more: what was signed by that means nothing any longer. */
export const renewSigningKey = async (
  { settings }: Pick<Storage, 'settings'>,
  name: string,
  sealer: Sealer,
): Promise<void> => settings.set(name, sealer.seal(randomBytes(32).toString('base64')))

/** Names of the server's own keys. */
export const ACK_KEY = 'ack_key'
export const PUSH_KEY = 'push_key'
