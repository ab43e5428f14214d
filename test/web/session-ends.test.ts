import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'
import { openBrowser, PASSWORD, type Site, skip, startSite } from './site.ts'

/** A dialog in which somebody works while the session ends. */
interface Dialog {
  readonly what: string
  readonly path: () => string
  /** Opens the dialog and types into it. */
  readonly fill: (page: Page) => Promise<unknown>
  /** What the dialog's button says. */
  readonly button: string
  /** Seen once it has been done; what was typed stands in it where the dialog takes text. */
  readonly done: (page: Page) => Promise<unknown>
}

interface Field {
  readonly type: string
  readonly value: string
}
const fields = (place: Locator): Promise<readonly Field[]> =>
  place.locator('input, textarea').evaluateAll((all) => all.map(({ type, value }: any) => ({ type, value })))
const isTyped = ({ type, value }: Field): boolean => ['text', 'textarea', 'password'].includes(type) && value !== ''

describe('a session that ends while a dialog is open', { skip }, () => {
  let site: Site
  let browser: Browser
  let sink: HttpSink
  let monitor = 0
  let rule = 0
  const folder = mkdtempSync(join(tmpdir(), 'vigia-session-'))
  const banLog = join(folder, 'fail2ban.log')

  before(async () => {
    appendFileSync(banLog, '')
    sink = await createHttpSink()
    site = await startSite({
      config: {
        channels: [{ name: 'hook', type: 'webhook', options: { url: `${sink.url}/in` } }],
        sources: { fail2ban: { log: banLog, client: join(folder, 'no-client') } },
      },
    })
    rule = (await site.api('POST', '/rules', { name: 'spare', type: 'spare_seen', channels: ['hook'] })).body.id
    await site.api('POST', '/rules', { name: 'scans', type: 'scan_seen', channels: ['hook'], severity: 'HIGH' })
    await site.api(
      'POST',
      '/events',
      ['203.0.113.1', '203.0.113.2', '203.0.113.3'].map((ip) => ({ type: 'scan_seen', severity: 'HIGH', ip })),
    )
    monitor = (await site.api('POST', '/monitors', { name: 'door', target: 'icmp://127.0.0.1' })).body.id
    await site.api('POST', '/users', { name: 'eva', password: 'another long password', role: 'viewer' })
    browser = await openBrowser()
  })
  after(async () => {
    await browser.close()
    await site.stop()
    await sink.close()
    rmSync(folder, { recursive: true, force: true })
    assert.deepEqual(site.errors, [])
  })

  const alertOf = async (subject: string) =>
    (await site.api('GET', '/alerts')).body.items.find((alert: any) => alert.subject === subject)
  const press = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true }).click()
  const choose = (row: string, item: string) => async (page: Page) => {
    await page.getByRole('button', { name: `Actions: ${row}` }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }

  const dialogs: readonly Dialog[] = [
    {
      what: 'acknowledging',
      path: () => '/alerts/active',
      fill: async (page) => {
        await page.getByLabel('Select 203.0.113.1').check()
        await press('Acknowledge')(page)
        await page.getByLabel('Note').fill('crew on the way')
      },
      button: 'Acknowledge',
      done: async (page) => {
        await page.getByText('crew on the way').waitFor()
        assert.equal((await alertOf('203.0.113.1')).acknowledgement.note, 'crew on the way')
      },
    },
    {
      what: 'silencing',
      path: () => '/alerts/active',
      fill: async (page) => {
        await page.getByLabel('Select 203.0.113.2').check()
        await press('Silence')(page)
        await page.getByLabel('Reason').fill('fibre cut')
      },
      button: 'Silence',
      done: async (page) => {
        await page.getByText('The silence has begun.').waitFor()
        assert.equal((await site.api('GET', '/silences')).body.items[0].comment, 'fibre cut')
      },
    },
    {
      what: 'resolving',
      path: () => '/alerts/active',
      fill: async (page) => {
        await page.getByLabel('Select 203.0.113.3').check()
        await press('Close alert')(page)
      },
      button: 'Close alert',
      done: async (page) => {
        await page.getByText('Closed.').waitFor()
      },
    },
    {
      what: 'pausing a monitor',
      path: () => `/monitors/${monitor}`,
      fill: async (page) => {
        await press('Pause')(page)
        await page.getByRole('dialog').getByLabel('Reason').fill('new mast')
      },
      button: 'Pause',
      done: async (page) => {
        await page.getByText(/is paused\.$/).waitFor()
        assert.equal((await site.api('GET', `/monitors/${monitor}`)).body.pause.reason, 'new mast')
      },
    },
    {
      what: 'saving a filter',
      path: () => '/events?q=scan',
      fill: async (page) => {
        await press('Filters and actions')(page)
        await page.getByRole('menuitem', { name: 'Save this filter' }).click()
        await page.getByRole('dialog').getByLabel('Name').fill('scans')
      },
      button: 'Save',
      done: async (page) => {
        await page.getByText('scans is saved.').waitFor()
      },
    },
    {
      what: 'maintenance of a monitor',
      path: () => `/monitors/${monitor}`,
      fill: async (page) => {
        await press('Maintenance')(page)
        await page.getByRole('dialog').getByLabel('Name').fill('new splitter')
      },
      button: 'Maintenance',
      done: async (page) => {
        await page.getByRole('dialog').waitFor({ state: 'hidden' })
        assert.equal((await site.api('GET', '/maintenance')).body.items[0].name, 'new splitter')
      },
    },
    {
      what: 'a planned window',
      path: () => '/calendar',
      fill: async (page) => {
        await press('Plan a window')(page)
        const dialog = page.getByRole('dialog')
        await dialog.getByPlaceholder('Monitors').fill('door')
        await page.getByRole('option', { name: 'door' }).click()
        await dialog.getByLabel('Name').fill('new door')
      },
      button: 'Plan it',
      done: async (page) => {
        await page.getByRole('dialog').waitFor({ state: 'hidden' })
        assert.equal((await site.api('GET', '/maintenance')).body.items[0].name, 'new door')
      },
    },
    {
      what: 'handing over a shift',
      path: () => '/shift',
      fill: async (page) => {
        await press('Hand over the shift')(page)
        await page.getByRole('dialog').getByLabel('A word to who comes in').fill('all quiet')
      },
      button: 'Hand over the shift',
      done: async (page) => {
        await page.getByText('“all quiet”').waitFor()
        assert.equal((await site.api('GET', '/shift')).body.handover.text, 'all quiet')
      },
    },
    {
      what: 'a new token',
      path: () => '/settings/tokens',
      fill: async (page) => {
        await press('New token')(page)
        await page.getByRole('dialog').getByLabel('Name').fill('backup script')
      },
      button: 'Save',
      done: async () => {
        const named = async () =>
          (await site.api('GET', '/tokens')).body.items.filter(({ name }: any) => name === 'backup script')
        assert.equal((await named()).length, 1)
      },
    },
    {
      what: 'a new user',
      path: () => '/settings/users',
      fill: async (page) => {
        await press('New user')(page)
        await page.getByRole('dialog').getByLabel('Name').fill('ines')
        await page.locator('[name=password]').fill('long enough for ines')
      },
      button: 'Save',
      done: async (page) => {
        await page.getByRole('cell', { name: 'ines', exact: true }).waitFor()
      },
    },
    {
      what: 'another password for somebody',
      path: () => '/settings/users',
      fill: async (page) => {
        await choose('eva', 'New password')(page)
        await page.locator('[name=password]').fill('a newer long password')
      },
      button: 'Save',
      done: async (page) => {
        await page.getByText('eva was changed.').waitFor()
      },
    },
    {
      what: 'a ban by hand',
      path: () => '/security',
      fill: async (page) => {
        await press('Ban')(page)
        await page.getByRole('dialog').getByLabel('Address').fill('203.0.113.9')
        await page.getByRole('dialog').getByLabel('Reason').fill('guesses passwords')
      },
      button: 'Ban',
      // There is no fail2ban here to take it: the refusal is told, and the dialog stays with what was typed.
      done: async (page) => {
        await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Close' }).last().waitFor()
        assert.equal(await page.getByRole('dialog').getByLabel('Reason').inputValue(), 'guesses passwords')
      },
    },
    {
      what: 'a ban on the page of an address',
      path: () => '/security/203.0.113.2',
      fill: async (page) => {
        await press('Ban')(page)
        await page.getByRole('dialog').getByLabel('Reason').fill('came back')
      },
      button: 'Ban',
      done: async (page) => {
        await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Close' }).last().waitFor()
        assert.equal(await page.getByRole('dialog').getByLabel('Reason').inputValue(), 'came back')
      },
    },
    {
      what: 'ignoring an address',
      path: () => '/security/203.0.113.3',
      fill: async (page) => {
        await press('Ignore')(page)
        await page.getByRole('dialog').getByLabel('Reason').fill('our own scanner')
      },
      button: 'Ignore',
      done: async (page) => {
        await press('Stop ignoring')(page)
        await page.getByRole('button', { name: 'Ignore', exact: true }).waitFor()
      },
    },
    {
      what: 'the end of a silence',
      path: () => '/alerts/active',
      fill: (page) =>
        page
          .getByRole('row', { name: /fibre cut/ })
          .getByRole('button', { name: 'End now' })
          .click(),
      button: 'End now',
      done: (page) => page.getByRole('row', { name: /fibre cut/ }).waitFor({ state: 'hidden' }),
    },
    {
      what: 'revoking a token',
      path: () => '/settings/tokens',
      fill: (page) =>
        page
          .getByRole('row', { name: /backup script/ })
          .getByRole('button', { name: 'Revoke' })
          .click(),
      button: 'Revoke',
      done: (page) => page.getByRole('row', { name: /backup script.*Revoked/i }).waitFor(),
    },
    {
      what: 'deleting a rule',
      path: () => `/channels/rules/${rule}`,
      fill: press('Delete'),
      button: 'Delete',
      done: async (page) => {
        await page.waitForURL(/channels\?tab=rules$/)
        assert.equal((await site.api('GET', `/rules/${rule}`)).status, 404)
      },
    },
    {
      what: 'deleting somebody',
      path: () => '/settings/users',
      fill: choose('eva', 'Delete'),
      button: 'Delete',
      done: async (page) => {
        await page.getByRole('cell', { name: 'eva', exact: true }).waitFor({ state: 'hidden' })
      },
    },
    {
      what: 'deleting a monitor',
      path: () => `/monitors/${monitor}/edit`,
      fill: press('Delete'),
      button: 'Delete',
      done: async () => {
        assert.equal((await site.api('GET', `/monitors/${monitor}`)).status, 404)
      },
    },
  ]

  for (const { what, path, fill, button, done } of dialogs)
    it(`${what}: signs in on top of it, and what was typed is done`, async () => {
      const context = await site.signedIn(browser)
      const page = await context.newPage()
      await page.goto(path())
      await fill(page)
      const below = page.getByRole('dialog').filter({ hasNotText: 'Your session has ended' })
      const kept = await fields(below)

      if (kept.some(isTyped)) {
        // The server cannot be reached: it is told, and the dialog stays with what was typed.
        await context.setOffline(true)
        await below.getByRole('button', { name: button, exact: true }).click()
        await page.getByText('The server does not answer.').first().waitFor()
        assert.deepEqual(await fields(below), kept)
        await context.setOffline(false)
      }

      await context.clearCookies()
      // Another request of the page may have met the end of the session first: the button lies below then.
      await below.getByRole('button', { name: button, exact: true }).dispatchEvent('click')
      const over = page.getByRole('dialog', { name: 'Your session has ended' })
      assert.equal(await over.getByLabel('Name').inputValue(), 'ana')
      // Escape is meant for what lies on top, which stays; it throws nothing away below.
      await over.locator('[name=password]').press('Escape')
      await over.locator('[name=password]').fill('wrong')
      await over.getByRole('button', { name: 'Sign in' }).click()
      await over.getByText('Name, password or code is wrong.').waitFor()
      assert.deepEqual(await fields(below), kept)

      await over.locator('[name=password]').fill(PASSWORD)
      await over.getByRole('button', { name: 'Sign in' }).click()
      await over.waitFor({ state: 'hidden' })
      await done(page)
      await context.close()
    })
})
