import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { LoadOptions, LoadResult } from './client.ts'
import type { SinkOrder, SinkReport } from './sink.ts'

export type { LoadOptions, LoadResult } from './client.ts'

/** Senders and receivers run on this core, the server that is measured on core 0. */
const LOAD_CORE = '1'
const MOST_OUTPUT = 64 * 1024 * 1024

/** Sends events from a process of its own and returns what came back. */
export const runLoad = (options: LoadOptions): Promise<LoadResult> =>
  new Promise((resolve, reject) => {
    const args = ['-c', LOAD_CORE, process.execPath, join(import.meta.dirname, 'client.ts'), JSON.stringify(options)]
    execFile('taskset', args, { maxBuffer: MOST_OUTPUT }, (error, stdout, stderr) =>
      error ? reject(new Error(stderr || error.message)) : resolve(JSON.parse(stdout) as LoadResult),
    )
  })

/** A receiver of webhooks in a process of its own. */
export interface Sink {
  readonly url: string
  order(order: SinkOrder): Promise<SinkReport>
  /** Waits until so many messages have come, or `limitMs` are over; returns how many there are. */
  reach(messages: number, limitMs: number): Promise<number>
  stop(): void
}

export const startSink = async (): Promise<Sink> => {
  const file = join(import.meta.dirname, 'sink.ts')
  const child: ChildProcess = spawn('taskset', ['-c', LOAD_CORE, process.execPath, file], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const answer = async () => (await once(child, 'message'))[0] as unknown
  const { port } = (await answer()) as { port: number }
  const order = async (what: SinkOrder) => {
    const answered = answer()
    child.send(what)
    return (await answered) as SinkReport
  }
  return {
    url: `http://127.0.0.1:${port}/hook`,
    order,
    reach: async (messages, limitMs) => {
      const deadline = performance.now() + limitMs
      for (;;) {
        const report = await order('count')
        if (report.messages >= messages || performance.now() > deadline) return report.messages
        await new Promise((later) => setTimeout(later, 50))
      }
    },
    stop: () => child.disconnect(),
  }
}

/** A port that nobody uses at this moment. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
