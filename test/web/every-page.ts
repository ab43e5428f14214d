import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { openBrowser, type Site, seriousFaults, skip, startSite } from './site.ts'

const PAGES = [
  '/',
  '/?view=grid&group=site',
  '/monitors/1',
  '/monitors/new',
  '/monitors/list',
  '/alerts/active',
  '/alerts/1',
  '/channels',
  '/channels?tab=rules',
  '/channels?tab=history',
  '/channels?tab=figures',
  '/channels/rules/new',
  '/channels/rules/1',
  '/channels/new',
  '/events',
  '/events/1',
  '/connections',
  '/security',
  '/security/203.0.113.4',
  '/settings/account',
  '/settings/appearance',
  '/settings/users',
  '/settings/tokens',
  '/settings/retention',
  '/settings/schedules',
  '/settings/audit',
  '/settings/about',
  '/calendar',
  '/shift',
  '/duty',
  '/map',
  '/welcome',
  '/no-such-page',
]

/** Looks at every page as one kind of reader sees it. One look a file: together they would take minutes. */
export const lookAtEveryPage = (name: string, options: BrowserContextOptions): void => {
  describe(`every page, ${name}`, { skip }, () => {
    let site: Site
    let browser: Browser

    before(async () => {
      site = await startSite({
        config: {
          channels: [{ name: 'mail', type: 'webhook', options: { url: 'http://127.0.0.1:1/' } }],
          defaults: { channels: [] },
          monitors: [
            { name: 'shop', target: 'tcp://127.0.0.1:1', interval: '1s', failures: 1, labels: { site: 'POP-1' } },
            { name: 'web', target: 'http://127.0.0.1:1/', labels: { site: 'POP-2' } },
          ],
        },
      })
      await site.api('POST', '/rules', {
        name: 'scans',
        type: 'zeek_detection',
        conditions: { any: [{ ports: '> 5' }, { not: { ip: { cidr: ['10.0.0.0/8'] } } }] },
      })
      await site.api('POST', '/events', [
        { type: 'zeek_detection', severity: 'CRITICAL', detection_type: 'port_scan', ip: '203.0.113.4', ports: 90 },
        { type: 'fail2ban_ban', severity: 'MEDIUM', jail: 'sshd', ip: '203.0.113.5', message: 'y'.repeat(5000) },
      ])
      await site.api('POST', '/silences', {
        matchers: [{ name: 'subject', value: 'x' }],
        ends_at: new Date(Date.now() + 3_600_000).toISOString(),
      })
      await site.api('PUT', '/duty/people/Ana', { name: 'Ana', channels: ['mail'] })
      await site.api('PUT', '/duty/lists/desk', {
        name: 'desk',
        fallback: ['mail'],
        shifts: [{ from: '08:00', to: '20:00', people: ['Ana'] }],
      })
      browser = await openBrowser()
    })
    after(async () => {
      await browser.close()
      await site.stop()
    })

    it('raises no error, fits the window, and axe finds nothing serious', async () => {
      const context = await site.signedIn(browser, options)
      const page = await context.newPage()
      const found: string[] = []
      for (const path of PAGES) {
        await page.goto(path)
        await page.locator('h1, [class*=Empty], p').first().waitFor()
        await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
        for (const fault of await seriousFaults(page)) found.push(`${path} ${fault}`)
        const wider = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
        if (Number(wider) > 0) found.push(`${path} is ${wider} px wider than the window`)
        const text = await page.locator('main').innerText()
        const raw =
          /\b(?:words|shell|monitors|alerts|history|rules|settings|places|forms|codes|addresses)\.[a-z]\w+/.exec(text)
        if (raw) found.push(`${path} shows the key ${raw[0]}`)
      }
      assert.deepEqual(found, [])
      assert.deepEqual(site.errors, [])
      await context.close()
    })
  })
}
