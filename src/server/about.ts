import { statfs } from 'node:fs/promises'
import type { About } from '#api/services.ts'
import packageJson from '../../package.json' with { type: 'json' }
import type { Health } from './health.ts'
import type { ServerOptions } from './options.ts'

export const VERSION: string = packageJson.version

/** Tells what runs here and how it does. */
export const createAbout =
  (
    { dataDir, timeZone, language, url }: Pick<ServerOptions, 'dataDir' | 'timeZone' | 'language' | 'url'>,
    health: Pick<Health, 'status'>,
    startedAt: number,
  ) =>
  async (): Promise<About> => {
    const { bavail, bsize, blocks } = await statfs(dataDir)
    return {
      ...(await health.status()),
      version: VERSION,
      startedAt,
      timeZone,
      language,
      url,
      diskFreeBytes: bavail * bsize,
      diskTotalBytes: blocks * bsize,
    }
  }
