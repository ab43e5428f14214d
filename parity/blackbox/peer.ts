import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { freePort } from './listening.ts'

export const PROGRAM = 'prometheus-blackbox-exporter'

/** Starts the original with a file of modules. */
export const startPeer = async (file: string): Promise<{ readonly url: string; readonly close: () => void }> => {
  const port = await freePort(createServer)
  const url = `http://127.0.0.1:${port}`
  const child = spawn(PROGRAM, [`--config.file=${file}`, `--web.listen-address=127.0.0.1:${port}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (part) => {
    said = (said + part).slice(-2000)
  })
  for (let attempt = 0; attempt < 400 && child.exitCode === null; attempt++) {
    const up = await fetch(`${url}/-/healthy`).then(
      () => true,
      () => false,
    )
    if (up) return { url, close: () => void child.kill() }
    await new Promise((later) => setTimeout(later, 25))
  }
  child.kill()
  throw new Error(`${PROGRAM} did not start: ${said}`)
}
