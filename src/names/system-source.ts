import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { partUrl } from '#lib/part-url.ts'
import { createAdmission, type Trust } from './admission.ts'

export type SystemEnd = { readonly addresses: readonly string[] } | { readonly code: string }

/** The system's own resolver, in a process of its own. */
export interface SystemSource {
  /** `begun` is told when the question leaves our queue. Never rejects. */
  find(host: string, family: 0 | 4 | 6, trust: Trust, begun: () => void): Promise<SystemEnd>
  waiting(): number
  close(): void
}

/** Questions that the system is asked at once. Node keeps half of a pool free of them. */
const PLACES = 24
const POOL = PLACES * 2
/** What hangs for longer is given up with its process. */
const LONGEST_MS = 60_000
/** A process that nobody needs ends. */
const IDLE_MS = 60_000

type Child = ChildProcessByStdio<Writable, Readable, null>

/** Options of the parent that are none of the child's (a debugger's port, an entry of its own) stay behind. */
const start = (): Child =>
  spawn(process.execPath, [fileURLToPath(partUrl('names/system-child'))], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, UV_THREADPOOL_SIZE: String(POOL), NODE_OPTIONS: '' },
  })

/** A process that is asked nothing keeps nobody from ending. */
const hold = (child: Child, held: boolean) => {
  for (const part of [child, child.stdin as Socket, child.stdout as Socket]) held ? part.ref() : part.unref()
}

export const createSystemSource = (): SystemSource => {
  const admission = createAdmission(PLACES)
  const waiting = new Map<number, (end: SystemEnd) => void>()
  let child: Child | undefined
  let ids = 0
  let idle: NodeJS.Timeout | undefined

  const end = (one: Child | undefined) => {
    if (one === undefined || one !== child) return
    child = undefined
    clearTimeout(idle)
    one.kill('SIGKILL')
    const all = [...waiting.values()]
    waiting.clear()
    for (const hear of all) hear({ code: 'EAI_AGAIN' })
  }

  const open = (): Child | undefined => {
    const started = start()
    started.on('error', () => end(started))
    // With its descriptors used up this process gets a child without pipes, and its error a moment later.
    if (started.stdin === undefined) return undefined
    child = started
    started.once('exit', () => end(started))
    started.stdin.on('error', () => end(started))
    createInterface({ input: started.stdout })
      .on('error', () => end(started))
      .on('line', (line) => {
        const { id, ...found } = JSON.parse(line) as SystemEnd & { readonly id: number }
        waiting.get(id)?.(found)
      })
    return started
  }

  const ask = (host: string, family: number): Promise<SystemEnd> =>
    new Promise((resolve) => {
      clearTimeout(idle)
      const asked = child ?? open()
      if (asked === undefined) return resolve({ code: 'EAI_AGAIN' })
      hold(asked, true)
      const id = ++ids
      const patience = setTimeout(() => end(asked), LONGEST_MS).unref()
      waiting.set(id, (found) => {
        clearTimeout(patience)
        waiting.delete(id)
        if (waiting.size === 0 && child === asked) {
          hold(asked, false)
          idle = setTimeout(() => end(asked), IDLE_MS).unref()
        }
        resolve(found)
      })
      asked.stdin.write(`${JSON.stringify({ id, host, family })}\n`)
    })

  return {
    find: async (host, family, trust, begun) => {
      const guest = { trust }
      await admission.enter(guest)
      begun()
      try {
        return await ask(host, family)
      } finally {
        admission.leave(guest)
      }
    },
    waiting: admission.waiting,
    close: () => end(child),
  }
}
