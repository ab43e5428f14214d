import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { TOTP } from 'otpauth'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { createFail2ban, fail2banMissing, type TestFail2ban } from '../fixtures/fail2ban.ts'
import { openBrowser, PASSWORD, type Site, skip, startSite } from './site.ts'

const NO_BANS = fail2banMissing()

describe('settings, accounts and bans', { skip }, () => {
  let site: Site
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let fail2ban: TestFail2ban | undefined

  before(async () => {
    if (!NO_BANS) {
      fail2ban = createFail2ban({ sshd: '' })
      await fail2ban.start()
    }
    const { log, database, client } = fail2ban ?? {}
    // Without a monitor no engine runs, and has no figures.
    const monitors = [{ name: 'web', type: 'tcp', options: { host: '127.0.0.1', port: 1 } }]
    const sources = fail2ban && { sources: { fail2ban: { log, database, client } } }
    site = await startSite({ config: { monitors, ...sources } })
    browser = await openBrowser()
    context = await site.signedIn(browser)
    page = await context.newPage()
  })
  after(async () => {
    await browser.close()
    await site.stop()
    await fail2ban?.remove()
    assert.deepEqual(site.errors, [])
  })

  it('makes a user, changes the role with a way back, and asks before it deletes', async () => {
    await page.goto('/settings/users')
    await page.getByRole('button', { name: 'New user' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.locator('[name=user]').fill('lucas')
    await dialog.locator('[name=password]').fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Save' }).click()
    const line = page.locator('tr', { hasText: 'lucas' })
    await line.getByRole('combobox').click()
    await page.getByRole('option', { name: 'Viewer' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await line.getByRole('combobox').and(page.locator('[value=Operator]')).waitFor()
    await line.getByRole('button').last().click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('dialog', { name: 'Delete lucas?' }).getByRole('button', { name: 'Delete' }).click()
    await line.waitFor({ state: 'detached' })
  })

  it('shows a token once, and asks before it is revoked', async () => {
    await page.goto('/settings/tokens')
    await page.getByRole('button', { name: 'New token' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('cron')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog').getByText(/^vg_/).waitFor()
    const token = await page.getByRole('dialog').getByText(/^vg_/).innerText()
    const me = await context.request.get('/api/v1/me', { headers: { authorization: `Bearer ${token.trim()}` } })
    assert.equal((await me.json()).name, 'cron')
    await page.keyboard.press('Escape')
    const line = page.locator('tr', { hasText: 'cron' })
    await line.getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await line.getByText('revoked').waitFor()
    const refused = await fetch(`${site.url}/api/v1/me`, { headers: { authorization: `Bearer ${token.trim()}` } })
    assert.equal(refused.status, 401)
  })

  it('keeps retention and refuses what makes no sense, at its field', async () => {
    await page.goto('/settings/retention')
    await page.fill('[name=keep_results_days]', '0')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.locator('[name=keep_results_days][aria-invalid=true]').waitFor()
    await page.fill('[name=keep_results_days]', '14')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    assert.equal((await site.api('GET', '/settings')).body.keep_results_days, 14)
  })

  it('says how the server does', async () => {
    await page.goto('/settings/about')
    await page.getByText('All parts work.').waitFor()
    await page.getByText(/99th percentile/).waitFor()
  })

  it('shows times in the chosen zone', async () => {
    await page.goto('/settings/appearance')
    await page.getByRole('combobox', { name: 'Time zone' }).fill('Asia/Tokyo')
    await page.getByRole('option', { name: 'Asia/Tokyo' }).click()
    await page.goto('/settings/audit')
    await page.locator('time[title="Asia/Tokyo"]').first().waitFor()
  })

  it('bans an address and lifts the ban, after a question', { skip: NO_BANS }, async () => {
    await page.goto('/security')
    await page.getByRole('button', { name: 'Ban', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Ban an address' })
    await dialog.getByLabel('Address').fill('203.0.113.9')
    await dialog.getByRole('button', { name: 'Ban' }).click()
    const line = page.locator('tr', { hasText: '203.0.113.9', has: page.getByRole('button') })
    await line.getByRole('button', { name: 'Lift the ban' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Lift the ban' }).click()
    await page.getByText('The ban of 203.0.113.9 was lifted.').waitFor()
    await line.waitFor({ state: 'detached' })
  })

  it('sets up a second factor, which is asked for from then on', async () => {
    await page.goto('/settings/account')
    await page.getByLabel('Current password').last().fill(PASSWORD)
    await page.getByRole('button', { name: 'Set it up' }).click()
    const secret = (await page.locator('pre').innerText()).trim()
    await page.getByLabel('Code').fill(new TOTP({ secret }).generate())
    await page.getByRole('button', { name: 'Finish' }).click()
    await page.getByText('Keep these recovery codes').waitFor()
    const answer = await context.request.post('/sign-in', {
      form: { name: 'ana', password: PASSWORD, next: '/healthz' },
      headers: { origin: site.url },
      maxRedirects: 0,
    })
    assert.equal(answer.status(), 401)
  })
})
