import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join, resolve } from 'node:path'

const BIN = resolve(import.meta.dirname, '../../bin/vigia.mjs')

export interface ServerProcess {
  readonly child: ChildProcess
  /** Everything that it wrote to stderr. */
  log(): string
  /** Resolves when the log holds a text; rejects when the process ends before. */
  said(text: string | RegExp, from?: number): Promise<void>
  /** Ends it by a signal and returns the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

const running = new Set<ChildProcess>()

/** Ends what a failed test left behind, so that the test process itself can end. */
export const endAll = (): void => {
  for (const child of running) child.kill('SIGKILL')
}

/** Writes the configuration (JSON is YAML) and returns its path. */
export const writeConfig = (folder: string, config: object): string => {
  const file = join(folder, 'vigia.yaml')
  writeFileSync(file, JSON.stringify(config, null, 2))
  return file
}

/** Starts `vigia` with arguments as a user would, in a folder. */
export const startVigia = (
  folder: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): ServerProcess => {
  const {
    HOST: _host,
    PORT: _port,
    DATABASE_URL: _url,
    ...inherited
  } = {
    ...process.env,
    LC_ALL: 'C',
    LOG_LEVEL: 'debug',
  } as NodeJS.ProcessEnv
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: folder,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let log = ''
  child.stderr!.setEncoding('utf8').on('data', (text) => {
    log += text
  })
  child.stdout!.resume()
  const ended = once(child, 'exit') as Promise<[number | null]>
  return {
    child,
    log: () => log,
    said: async (text, from = 0) => {
      const there = () => (typeof text === 'string' ? log.indexOf(text, from) >= 0 : text.test(log.slice(from)))
      while (!there()) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`vigia ended before it said ${text}:\n${log}`)
        await new Promise((later) => setTimeout(later, 10))
      }
    },
    end: async (signal) => {
      child.kill(signal)
      const [code] = await ended
      return code
    },
  }
}

/** Starts `vigia serve` on a free port and waits until it watches. */
export const startServe = async (
  folder: string,
  config: object,
  environment: NodeJS.ProcessEnv = {},
): Promise<ServerProcess> => {
  const server = startVigia(
    folder,
    ['serve', '--config', writeConfig(folder, config), '--data', join(folder, 'data'), '--port', '0'],
    environment,
  )
  await server.said('is watching')
  return server
}

/** The address that a server listens on. */
export const addressOf = (server: ServerProcess): string => /"address":"([^"]+)"/.exec(server.log())![1]!

/** The header of a request with a new token of the server that runs in a folder. */
export const bearer = (folder: string): { readonly authorization: string } => {
  const args = [BIN, 'token', 'create', '--role', 'viewer', '--data', join(folder, 'data')]
  return { authorization: `Bearer ${execFileSync(process.execPath, args, { encoding: 'utf8' }).trim()}` }
}

/** A TCP target that can be taken down and brought back on the same port. */
export const createTarget = async () => {
  let server: Server | undefined
  let port = 0
  const sockets = new Set<Socket>()
  const target = {
    port: () => port,
    up: async () => {
      // Below the range that outgoing connections take, so that nobody has the port while the target is down.
      if (port === 0) port = 20_000 + Math.floor(Math.random() * 12_000)
      server = createServer((socket) => {
        sockets.add(socket)
        socket
          .on('error', () => {})
          .on('close', () => sockets.delete(socket))
          .end()
      }).listen(port, '127.0.0.1')
      try {
        await once(server, 'listening')
      } catch {
        port = 0
        await target.up()
      }
    },
    down: async () => {
      if (!server) return
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
      server = undefined
    },
  }
  await target.up()
  return target
}

/** Waits until a condition holds; the test runner's time-out is the bound. */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((later) => setTimeout(later, 20))
}
