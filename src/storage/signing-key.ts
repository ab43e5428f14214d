import { randomBytes } from 'node:crypto'
import type { Storage } from './index.ts'

/** A key of 256 bits, base64, made once and kept under its name: nodes that start together agree on one. */
export const signingKey = async ({ settings }: Pick<Storage, 'settings'>, name: string): Promise<string> =>
  (await settings.get<string>(name)) ?? settings.ensure(name, randomBytes(32).toString('base64'))
