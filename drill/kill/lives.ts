import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { addressOf, type ServerProcess, startVigia, writeConfig } from '../../test/e2e/server-process.ts'

const BIN = resolve(import.meta.dirname, '../../bin/vigia.mjs')
/** What its log says when it probes. */
const WATCHES = 'is watching'
const ANSWER_MS = 15_000

export interface Answer {
  /** 0: none came. */
  readonly status: number
  readonly text: string
}

/** One server on one data folder, whose process is killed and started again as often as wanted. */
export const openLives = (folder: string, config: object, environment: NodeJS.ProcessEnv) => {
  const data = join(folder, 'data')
  const file = writeConfig(folder, config)
  const serve = ['serve', '--config', file, '--data', data, '--port', '0']
  const logs: string[] = []
  const failed: string[] = []
  let server: ServerProcess | undefined
  let address: string | undefined
  const killed = new WeakSet<ServerProcess>()
  let token = ''

  /** Starts a process; resolves when it watches, or when it has been killed before. */
  const start = async () => {
    const begun = startVigia(folder, serve, environment)
    server = begun
    try {
      await begun.said(WATCHES)
      if (!killed.has(begun)) address = addressOf(begun)
    } catch {
      if (!killed.has(begun)) failed.push(begun.log().slice(-2000))
    }
  }
  /** As a power cut would. */
  const kill = async () => {
    address = undefined
    if (server === undefined) return
    killed.add(server)
    if (server.child.exitCode !== null) failed.push(`ended by itself: ${server.log().slice(-2000)}`)
    else await server.end('SIGKILL')
    logs.push(server.log())
  }
  const makeToken = () => {
    const args = [BIN, 'token', 'create', '--role', 'operator', '--data', data]
    token = execFileSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, ...environment } }).trim()
  }
  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    if (address === undefined) return { status: 0, text: '' }
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers }
    try {
      const answer = await fetch(address + path, { ...init, headers, signal: AbortSignal.timeout(ANSWER_MS) })
      return { status: answer.status, text: await answer.text() }
    } catch {
      return { status: 0, text: '' }
    }
  }
  /** All pages of a list of the API, newest first. */
  const list = async <Item>(path: string): Promise<readonly Item[]> => {
    const items: Item[] = []
    let cursor: number | null = null
    do {
      const { status, text }: Answer = await ask(
        `/api/v1${path}?limit=1000${cursor === null ? '' : `&cursor=${cursor}`}`,
      )
      if (status !== 200) throw new Error(`${path} answered ${status}: ${text.slice(0, 200)}`)
      const page = JSON.parse(text) as { items: Item[]; next_cursor: number | null }
      items.push(...page.items)
      cursor = page.next_cursor
    } while (cursor !== null)
    return items
  }
  return {
    start,
    kill,
    makeToken,
    ask,
    list,
    /** Starts that did not come to watching, and processes that ended by themselves, with the end of their log. */
    failed: failed as readonly string[],
    log: () => [...logs, server?.log() ?? ''].join('\n'),
    isUp: () => address !== undefined,
    close: async () => {
      if (server?.child.exitCode === null && server.child.signalCode === null) await server.end('SIGTERM')
    },
  }
}

export type Lives = ReturnType<typeof openLives>
