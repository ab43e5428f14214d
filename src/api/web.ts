import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Language } from '#core/message/message.ts'
import { escapeHtml } from '#lib/text/html.ts'
import { languageOf } from './language.ts'

/** Where `npm run build:web` puts the page. */
export const PAGE_FOLDER = fileURLToPath(new URL('../../dist/web', import.meta.url))

/** Scripts from here only; styles inline as well, for the widths of bars and the like. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Paths that programs use: what does not exist there is a 404, not a page. */
const FOR_PROGRAMS = /^\/(api|alerts\/api|assets|push|ping|metrics|probe|healthz|readyz)(\/|$|\?)/

export interface WebOptions {
  readonly folder: string
  /** By which the page writes numbers and dates; undefined: by the browser's. */
  readonly region?: (() => string | undefined) | undefined
  /** What `/` shows while the page is not built. */
  readonly plainPage: (request: FastifyRequest, language: Language) => Promise<string>
}

/** What the reader chose on the page; cookies, so that the document comes in the right language and colours at once. */
const choiceOf = <T extends string>(
  { headers }: FastifyRequest,
  name: string,
  choices: readonly T[],
): T | undefined => {
  const value = new RegExp(`(?:^|;\\s*)vigia_${name}=([a-z]+)`).exec(headers.cookie ?? '')?.[1]
  return choices.find((choice) => choice === value)
}

/** The reader's language: the choice on the page, else that of the account, else the browser's. */
const readerLanguage = (request: FastifyRequest): Language =>
  choiceOf(request, 'language', ['en', 'es']) ??
  request.actor?.language ??
  languageOf(request.headers['accept-language'])

/**
 * Serves the page for people: its files, which are named by their content and stay with the browser for good, and the
 * one document for every address that is no program's. Without the built files `/` falls back to the plain page.
 */
export const addWeb = (app: FastifyInstance, { folder, plainPage, region }: WebOptions): void => {
  const file = join(folder, 'index.html')
  const built = existsSync(file)

  const page = async (request: FastifyRequest, reply: FastifyReply, document = file) => {
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache')
    const language = readerLanguage(request)
    if (!built) return plainPage(request, language)
    reply.header('content-security-policy', PAGE_POLICY)
    // Read each time: a build meanwhile has other names for its files.
    const html = await readFile(document, 'utf8')
    const chosen = region?.()
    const theme = choiceOf(request, 'theme', ['light', 'dark'])
    return html.replace(
      '<html lang="en"',
      `<html lang="${language}"${chosen ? ` data-region="${escapeHtml(chosen)}"` : ''}${theme ? ` data-mantine-color-scheme="${theme}"` : ''}`,
    )
  }

  app.get('/', (request, reply) => page(request, reply))
  // The document of the wall holds no data, and a screen that nobody signs in at asks for it.
  const wall = join(folder, 'wall.html')
  for (const path of ['/wall', '/wall/:token'])
    app.get(path, { config: { public: true } }, (request, reply) =>
      built ? page(request, reply.header('x-robots-tag', 'noindex'), wall) : reply.callNotFound(),
    )
  app.get('/*', async (request, reply) => {
    const forPeople = request.headers.accept?.includes('text/html') && !FOR_PROGRAMS.test(request.url)
    return built && forPeople ? page(request, reply) : reply.callNotFound()
  })

  if (!built) return
  // A worker reaches no further than where it lies: at the top, whence it may show notifications.
  app.get('/push-worker.js', { config: { public: true } }, async (_request, reply) =>
    reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(await readFile(join(folder, 'push-worker.js'))),
  )
  void app.register(async (scope) => {
    // The files hold no data, and the browser asks for some without its cookies.
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, public: true }
    })
    await scope.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: '/assets/',
      preCompressed: true,
      immutable: true,
      maxAge: '1y',
    })
  })
}
