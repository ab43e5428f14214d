import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

export const CHROMIUM = '/usr/bin/chromium'
export const FLAGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --js-flags=--expose-gc'.split(
    ' ',
  )

/** A program that starts the browser on one core with all its processes; the server has the other one. */
export const onOneCore = (folder: string): string => {
  const executable = join(folder, 'chromium')
  writeFileSync(executable, `#!/bin/sh\nexec taskset -c 1 ${CHROMIUM} "$@"\n`)
  chmodSync(executable, 0o755)
  return executable
}

/** What a page's scripts hold after everything else was thrown away. */
export const heapMb = async (page: Page): Promise<number> => {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = (await session.send('Runtime.getHeapUsage')) as { usedSize: number }
  await session.detach()
  return usedSize / 1024 / 1024
}
