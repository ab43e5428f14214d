import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import fastify, { type FastifyInstance } from 'fastify'
import { addWeb } from './web.ts'

const serve = async (folder: string): Promise<FastifyInstance> => {
  const app = fastify()
  app.decorateRequest('actor', null)
  addWeb(app, { folder, plainPage: async (_request, language) => `<p>plain, ${language}</p>` })
  await app.ready()
  return app
}

const browser = { accept: 'text/html,*/*' }

describe('the page for people', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-page-'))
  const script = 'console.log("page")'
  let app: FastifyInstance
  before(async () => {
    mkdirSync(join(folder, 'assets'))
    writeFileSync(join(folder, 'index.html'), '<!doctype html><html lang="en"><head></head></html>')
    writeFileSync(join(folder, 'assets', 'main-1.js'), script)
    writeFileSync(join(folder, 'assets', 'main-1.js.br'), brotliCompressSync(script))
    app = await serve(folder)
  })
  after(async () => {
    await app.close()
    rmSync(folder, { recursive: true })
  })
  const get = (url: string, headers: Record<string, string> = browser) => app.inject({ url, headers })

  it('is one document at every address of people, in their language and colours', async () => {
    for (const path of ['/', '/alerts/', '/monitors/7?span=day', '/no/such/page']) {
      const answer = await get(path)
      assert.equal(answer.statusCode, 200, path)
      assert.match(answer.body, /<html lang="en">/)
      assert.match(String(answer.headers['content-security-policy']), /script-src 'self'/)
      assert.equal(answer.headers['cache-control'], 'no-cache')
    }
    assert.match((await get('/', { ...browser, 'accept-language': 'es-AR,en;q=0.5' })).body, /lang="es"/)
    const chosen = await get('/', { ...browser, cookie: 'x=1; vigia_language=es; vigia_theme=dark' })
    assert.match(chosen.body, /<html lang="es" data-mantine-color-scheme="dark">/)
    const strange = await get('/', { ...browser, cookie: 'vigia_language="><script>; vigia_theme=pink' })
    assert.match(strange.body, /<html lang="en">/)
  })

  it('is no answer to programs', async () => {
    for (const path of ['/api/v1/nothing', '/alerts/api/nothing', '/push/nothing', '/assets/nothing.js', '/metrics'])
      assert.equal((await get(path)).statusCode, 404, path)
    assert.equal((await get('/monitors/7', { accept: 'application/json' })).statusCode, 404)
  })

  it('has files that stay with the browser for good, packed where it takes them so', async () => {
    const plain = await get('/assets/main-1.js', {})
    assert.equal(plain.body, script)
    assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable')
    const packed = await get('/assets/main-1.js', { 'accept-encoding': 'br, gzip' })
    assert.equal(packed.headers['content-encoding'], 'br')
    for (const path of ['/assets/../index.html', '/assets/..%2f..%2fetc/passwd', '/assets/%00'])
      assert.ok((await get(path, {})).statusCode >= 400, path)
  })

  it('is the plain one while it is not built', async () => {
    const bare = await serve(join(folder, 'nowhere'))
    assert.equal((await bare.inject({ url: '/', headers: { 'accept-language': 'es' } })).body, '<p>plain, es</p>')
    assert.equal((await bare.inject({ url: '/alerts/', headers: browser })).statusCode, 404)
    await bare.close()
  })
})
