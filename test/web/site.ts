import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { PAGE_FOLDER } from '#api/web.ts'
import { channelTypes } from '#channels/index.ts'
import { accountsOf } from '#cli/accounts-of.ts'
import { BY_COMMAND } from '#cli/command.ts'
import { loadConfigText } from '#config/load.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { type Server, startServer } from '../../src/main.ts'

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const FLAGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
const PATIENCE_MS = 20_000
export const PASSWORD = 'correct horse battery'

const executablePath = PATHS.find((path) => existsSync(path))

/** Why the page cannot be tested here; false when it can. */
export const skip: string | false = !executablePath
  ? 'chromium is not installed'
  : !existsSync(join(PAGE_FOLDER, 'index.html'))
    ? 'the page is not built: npm run build:web'
    : false

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: executablePath!, args: FLAGS.split(' ') })

/** A server with the built page, in this process, on a port of its own. */
export interface Site {
  readonly url: string
  readonly server: Server
  /** A context of a person who has signed in; its pages collect the errors that they raise. */
  signedIn(browser: Browser, options?: BrowserContextOptions): Promise<BrowserContext>
  /** Calls the API as an administrator. */
  api(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: any }>
  /** Errors that scripts raised in the pages. */
  readonly errors: readonly string[]
  log(): string
  stop(): Promise<void>
}

export interface SiteOptions {
  readonly config?: object
  /** False: nobody has set it up. */
  readonly user?: boolean
  readonly folder?: string
  readonly port?: number
}

const loaded = (config: object) => {
  const result = loadConfigText(JSON.stringify(config), 'vigia.yaml', {
    environment: {},
    probeTypes,
    channelTypes,
    parseTarget,
  })
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.config
}

export const startSite = async ({ config, user = true, folder: given, port = 0 }: SiteOptions = {}): Promise<Site> => {
  const folder = given ?? mkdtempSync(join(tmpdir(), 'vigia-web-'))
  let log = ''
  const server = await startServer({
    dataDir: folder,
    ...(config && { wanted: loaded(config) }),
    // Where nobody has set it up, nor has a file.
    ...(user && { language: 'en', timeZone: 'UTC' }),
    listen: { host: '127.0.0.1', port },
    environment: {},
    log: pino(
      { level: 'info' },
      {
        write: (line: string) => {
          log += line
        },
      },
    ),
  })
  if (user && (await server.storage.users.count()) === 0)
    await accountsOf(server.storage).createUser(BY_COMMAND, { name: 'ana', password: PASSWORD, role: 'administrator' })
  const { token } = await accountsOf(server.storage).createToken(BY_COMMAND, {
    name: 'test',
    role: 'administrator',
    lastsMs: null,
  })
  const url = server.address!
  const errors: string[] = []
  return {
    url,
    server,
    errors,
    log: () => log,
    signedIn: async (browser, options = {}) => {
      const context = await browser.newContext({
        baseURL: url,
        viewport: { width: 1280, height: 800 },
        locale: 'en-US',
        ...options,
      })
      context.setDefaultTimeout(PATIENCE_MS)
      context.on('weberror', (error) => errors.push(error.error().message))
      await context.request.post('/sign-in', {
        form: { name: 'ana', password: PASSWORD, next: '/healthz' },
        headers: { origin: url },
      })
      return context
    },
    api: async (method, path, body) => {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
    },
    stop: async () => {
      await server.stop()
      if (given === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A TCP listener that can be closed and opened again on the same port. */
export const createListener = async () => {
  const sockets = new Set<Socket>()
  const listen = (port: number) =>
    new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
      const made = createServer((socket) => {
        sockets.add(socket)
        socket.on('error', () => {}).on('close', () => sockets.delete(socket))
      })
      made.once('error', reject).listen(port, '127.0.0.1', () => resolve(made))
    })
  let server = await listen(0)
  const { port } = server.address() as { port: number }
  const close = () => {
    for (const socket of sockets) socket.destroy()
    return new Promise<void>((resolve) => void server.close(() => resolve()))
  }
  return {
    port,
    down: close,
    up: async () => {
      server = await listen(port)
    },
    close,
  }
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
let axe: string | undefined

/** What axe finds at least serious on the page as it stands. */
export const seriousFaults = async (page: Page): Promise<readonly string[]> => {
  axe ??= readFileSync(AXE, 'utf8')
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { violations } = await (globalThis as any).axe.run()
    return violations
      .filter(({ impact }: any) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }: any) => `${id}: ${nodes.map(({ target }: any) => target.join(' ')).join(', ')}`)
  })
}
