import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { openBrowser, type Site, skip, startSite } from './site.ts'

describe('why something fails, on the page', { skip }, () => {
  let site: Site
  let browser: Browser
  let place = ''
  let monitor = 0
  let alert = 0

  before(async () => {
    const taken = createSocket('udp4').bind(0, '127.0.0.1')
    await once(taken, 'listening')
    place = `127.0.0.1:${taken.address().port}`
    await new Promise<void>((closed) => taken.close(closed))
    const monitors = [{ name: 'names', type: 'dns', options: { name: 'here.test', resolver: place } }]
    site = await startSite({ config: { defaults: { interval: '2s', failures: 1 }, monitors } })
    const found = async () => (await site.api('GET', '/alerts')).body.items[0]
    while (!(await found())) await new Promise((later) => setTimeout(later, 50))
    ;({ id: alert, monitor } = await found())
    browser = await openBrowser()
  })
  after(async () => {
    await browser.close()
    await site.stop()
    assert.deepEqual(site.errors, [])
  })

  for (const { locale, said, other } of [
    { locale: 'es-AR', said: () => `el servidor DNS ${place} rechazó la conexión`, other: /refused the|the resolver/ },
    { locale: 'en-US', said: () => `the resolver ${place} refused the connection`, other: /rechazó|servidor DNS/ },
  ])
    it(`is said whole in the language of its reader, ${locale}`, async () => {
      const context = await site.signedIn(browser, { locale })
      for (const path of ['/', `/monitors/${monitor}`, `/alerts/${alert}`, '/alerts/active']) {
        const page = await context.newPage()
        await page.goto(path)
        await page.getByText(said()).first().waitFor()
        assert.doesNotMatch(await page.locator('main').innerText(), other, path)
        await page.close()
      }
      await context.close()
    })
})
