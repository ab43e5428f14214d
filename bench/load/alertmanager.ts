import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuSecondsOf, end, residentMbOf, startOnCore } from './process.ts'

const PROGRAM = '/usr/bin/prometheus-alertmanager'

export const hasAlertmanager = (): boolean => existsSync(PROGRAM)

/** One group per alert and no wait: every alert is one webhook, as soon as it can. */
const configOf = (url: string): string => `
route:
  receiver: hook
  group_by: ['...']
  group_wait: 0s
  group_interval: 1h
  repeat_interval: 4h
receivers:
  - name: hook
    webhook_configs: [{ url: "${url}", send_resolved: false }]
`

/** Debian's Alertmanager on core 0, sending to `url`. */
export const startAlertmanager = async (url: string, port: number) => {
  const folder = mkdtempSync(join(tmpdir(), 'alertmanager-bench-'))
  writeFileSync(join(folder, 'alertmanager.yml'), configOf(url))
  const child = await startOnCore(
    [
      PROGRAM,
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
      '--log.level=error',
    ],
    `http://127.0.0.1:${port}/-/ready`,
  )
  const pid = child.pid!
  return {
    cpuSeconds: () => cpuSecondsOf(pid),
    residentMb: () => residentMbOf(pid),
    stop: async () => {
      await end(child, 'SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
