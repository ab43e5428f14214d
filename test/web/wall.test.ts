import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { createListener, openBrowser, seriousFaults, skip, startSite } from './site.ts'

const LOOK_MS = 5000

it('a wall shows trouble by a link, says since when it hears nothing, and comes back with the server', {
  skip,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-wall-'))
  const listener = await createListener()
  const watched = (name: string, port: number) => ({
    name,
    target: `tcp://127.0.0.1:${port}`,
    interval: '1s',
    failures: 1,
    successes: 1,
    labels: { site: 'POP-7' },
  })
  const config = { defaults: { channels: [] }, monitors: [watched('shop <i>', 1), watched('web', listener.port)] }
  const first = await startSite({ config, folder })
  const { path } = (await first.api('POST', '/wall/link', {})).body
  const browser = await openBrowser()
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: 'es-AR' })
  const page = await context.newPage()
  const errors: string[] = []
  context.on('weberror', (error) => errors.push(error.error().message))
  await page.clock.install()
  await page.goto(first.url + path)
  /** Lets the wall look again, until it shows what it should. */
  const shows = async (what: string, seen: () => Promise<boolean>) => {
    for (let tries = 0; tries < 100; tries++) {
      if (await seen()) return
      await page.clock.runFor(LOOK_MS)
      await new Promise((later) => setTimeout(later, 100))
    }
    assert.fail(`${what} did not come: ${await page.locator('main').innerText()}`)
  }
  await shows('what is down', async () => (await page.title()) === '(1) Vigía')
  assert.match(await page.locator('.problems').innerText(), /shop <i>/)
  assert.deepEqual(await seriousFaults(page), [])

  const port = Number(new URL(first.url).port)
  await first.stop()
  await shows('that it hears nothing', async () => (await page.locator('.banner').count()) === 1)
  assert.match(await page.locator('.banner').innerText(), /^Sin noticias del servidor desde \d\d:\d\d:\d\d\./)
  assert.equal(await page.title(), '(?) Vigía')
  assert.match(await page.locator('.problems').innerText(), /shop/, 'what was seen last stays')

  await listener.down()
  const second = await startSite({ config, folder, port })
  await shows('what is down now', async () => (await page.title()) === '(2) Vigía')
  assert.equal(await page.locator('.banner').count(), 0)
  await second.api('DELETE', '/wall/link')
  await shows('that the link does not hold', async () => (await page.locator('.problems').count()) === 0)
  assert.match(await page.locator('main').innerText(), /ya no vale/)
  assert.deepEqual(errors, [])
  await browser.close()
  await second.stop()
  rmSync(folder, { recursive: true, force: true })
})
