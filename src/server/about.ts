import { statfs } from 'node:fs/promises'
import type { About } from '#api/services.ts'
import type { ServerPlace } from '#core/server-place.ts'
import packageJson from '../../package.json' with { type: 'json' }
import type { Health } from './health.ts'
import type { ServerOptions } from './options.ts'

export const VERSION: string = packageJson.version

export interface AboutDeps extends Pick<ServerOptions, 'dataDir'>, Pick<About, 'heldByFile'> {
  readonly place: () => ServerPlace
}

/** Tells what runs here and how it does. */
export const createAbout =
  ({ dataDir, place, heldByFile }: AboutDeps, health: Pick<Health, 'status'>, startedAt: number) =>
  async (): Promise<About> => {
    const { bavail, bsize, blocks } = await statfs(dataDir)
    return {
      ...(await health.status()),
      version: VERSION,
      startedAt,
      ...place(),
      heldByFile,
      diskFreeBytes: bavail * bsize,
      diskTotalBytes: blocks * bsize,
    }
  }
