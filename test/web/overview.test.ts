import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContext } from 'playwright-core'
import { createListener, openBrowser, PASSWORD, type Site, skip, startSite } from './site.ts'

const HOSTILE = '<img src=x onerror="document.title=1"> ‮evil "&amp;'

describe('overview', { skip }, () => {
  let site: Site
  let browser: Browser
  let context: BrowserContext
  let target: Awaited<ReturnType<typeof createListener>>
  const folder = mkdtempSync(join(tmpdir(), 'vigia-web-'))

  const config = () => ({
    defaults: {
      interval: '500ms',
      timeout: '400ms',
      failures: 2,
      retry_interval: '200ms',
      successes: 1,
      recovery_interval: '300ms',
    },
    monitors: [
      { name: 'shop', target: `tcp://127.0.0.1:${target.port}`, labels: { site: 'POP-1' } },
      { name: HOSTILE, target: `tcp://127.0.0.1:${target.port}`, paused: true, description: 'x'.repeat(2000) },
      ...Array.from({ length: 300 }, (_, index) => ({
        name: `host ${index}`,
        target: `tcp://127.0.0.1:${target.port}`,
        paused: true,
        labels: { site: `POP-${index % 5}`, [`odd_${index}`]: 'x' },
        ...(index === 7 && { location: 'Calle Savio 12, Córdoba' }),
      })),
    ],
  })

  before(async () => {
    target = await createListener()
    site = await startSite({ config: config(), folder })
    browser = await openBrowser()
    context = await site.signedIn(browser)
  })
  after(async () => {
    await browser.close()
    await site.stop()
    await target.close()
    rmSync(folder, { recursive: true, force: true })
    assert.deepEqual(site.errors, [])
  })

  it('lists monitors by name, of which only those near the window exist', async () => {
    const page = await context.newPage()
    await page.goto('/')
    await page.locator('[role=row]').first().waitFor()
    const rows = await page.locator('[role=row]').count()
    assert.ok(rows > 10 && rows < 80, `${rows} rows exist`)
    assert.equal(await page.locator('[role=table]').getAttribute('aria-rowcount'), '302')
    await page.evaluate('scrollTo(0, 1e6)')
    await page.getByRole('link', { name: 'host 299', exact: true }).waitFor()
    await page.close()
  })

  it('filters as one types, and keeps the filter in the address', async () => {
    const page = await context.newPage()
    await page.goto('/')
    await page.locator('input[type=search]').fill('pop-3')
    await page.getByText('60 of 302').waitFor()
    await page.waitForURL('**/?q=pop-3')
    await page.reload()
    await page.getByText('60 of 302').waitFor()
    await page.locator('input[type=search]').press('Escape')
    await page.getByText('302 monitors').waitFor()
    await page.goto('/?q=site%3Dpop-3&group=site&view=grid')
    await page.getByRole('rowheader', { name: 'POP-3' }).waitFor()
    await page.close()
  })

  it('shows markup in a name as text', async () => {
    const page = await context.newPage()
    await page.goto('/?q=onerror')
    assert.equal(await page.locator('[data-monitor]').innerText(), HOSTILE)
    await page.locator('[data-monitor]').click()
    await page.getByRole('heading', { level: 1 }).waitFor()
    assert.match(await page.title(), /^<img/)
    await page.close()
  })

  it('follows a change of state without a reload, first of all on the page', async () => {
    const page = await context.newPage()
    await page.goto('/')
    await page.getByRole('link', { name: 'shop', exact: true }).first().waitFor()
    await target.down()
    const wrong = page.getByRole('region', { name: 'Problems now' })
    await wrong.getByText('refused').waitFor()
    await target.up()
    await wrong.waitFor({ state: 'detached' })
    await page.close()
  })

  it('learns of what changed between the list and the first live update', async () => {
    const page = await context.newPage()
    const connects = Promise.withResolvers<void>()
    await page.route('**/api/v1/live', async (route) => {
      await connects.promise
      await route.continue()
    })
    await page.goto('/')
    await page.getByRole('link', { name: 'shop', exact: true }).first().waitFor()
    await target.down()
    const isDown = async () => (await site.api('GET', '/monitors?q=shop')).body.items[0].state === 'down'
    while (!(await isDown())) await page.waitForTimeout(50)
    connects.resolve()
    const wrong = page.getByRole('region', { name: 'Problems now' })
    await wrong.getByText('refused').waitFor()
    await target.up()
    await wrong.waitFor({ state: 'detached' })
    await page.close()
  })

  it('goes by the keyboard: palette, list of keys, filter', async () => {
    const page = await context.newPage()
    await page.goto('/')
    await page.locator('[role=row]').first().waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /Search/ }).fill('odd_123=')
    await page.getByRole('option', { name: 'host 123' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'host 123' }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    await page.keyboard.press('o')
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('shop')
    await page.getByText('1 of 302').waitFor()
    await page.close()
  })

  it('finds by place without accents, and keeps the filter and a favourite with the person', async () => {
    const page = await context.newPage()
    await page.goto('/?q=savio%20cordoba')
    await page.getByRole('link', { name: 'host 7', exact: true }).click()
    await page.getByRole('button', { name: 'Favourite' }).click()
    await page.locator('button[aria-pressed=true]').waitFor()
    await page.goBack()
    await page.getByText('1 of 302').waitFor()
    await page.getByRole('button', { name: 'Filters and actions' }).click()
    await page.getByRole('menuitem', { name: 'Save this filter' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('Córdoba')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByText('Córdoba is saved.').waitFor()
    // Another browser of the same person has both.
    const other = await site.signedIn(browser)
    const there = await other.newPage()
    await there.goto('/')
    await there.getByRole('button', { name: '1 favourite' }).click()
    await there.getByText('1 of 302').waitFor()
    await there.getByRole('button', { name: 'Filters and actions' }).click()
    await there.getByRole('menuitem', { name: 'Córdoba', exact: true }).click()
    await there.waitForURL('**/?q=savio%20cordoba')
    await there.getByRole('link', { name: 'host 7', exact: true }).waitFor()
    await other.close()
    await page.close()
  })

  it('does to many at once what is asked, and hands the list over', async () => {
    const page = await context.newPage()
    await page.goto('/?q=pop-2')
    await page.getByRole('button', { name: 'Filters and actions' }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: 'Export as CSV' }).click()
    const text = readFileSync((await (await download).path())!, 'utf8')
    assert.equal(text.trim().split('\r\n').length, 61)
    assert.match(text, /^\uFEFFName,Type,Target,State,/)
    await page.getByRole('button', { name: 'Filters and actions' }).click()
    await page.getByRole('menuitem', { name: 'Choose several' }).click()
    const bar = page.getByRole('toolbar', { name: 'What was chosen' })
    // It is chosen once the list is drawn anew.
    await page.getByRole('checkbox', { name: 'Select host 2', exact: true }).click()
    await bar.getByText('1 chosen').waitFor()
    await bar.getByRole('button', { name: 'Choose all 60 shown' }).click()
    await bar.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('new mast')
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click()
    await page.getByText('60 monitors are paused.').waitFor()
    const { body } = await site.api('GET', '/monitors?q=pop-2&limit=100')
    assert.ok(body.items.every(({ pause }: any) => pause.reason === 'new mast'))
    await page.close()
  })

  it('does from the palette what is named there', async () => {
    const page = await context.newPage()
    await page.goto('/events')
    // Keys are heard once the page is there.
    await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /Search/ }).fill('silen savio')
    await page.getByRole('option', { name: 'Silence: host 7' }).click()
    const dialog = page.getByRole('dialog', { name: 'Silence host 7' })
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /Search/ }).fill('appearance: dark')
    await page.getByRole('option', { name: 'Appearance: Dark' }).click()
    await page.locator('html[data-mantine-color-scheme=dark]').waitFor()
    await page.close()
  })

  it('asks to sign in again where one is, and loses nothing that was typed', async () => {
    const own = await site.signedIn(browser)
    const page = await own.newPage()
    await page.goto('/monitors/new')
    await page.fill('[name=name]', 'typed before the end')
    await page.fill('[name="options.host"]', '127.0.0.1')
    await own.clearCookies()
    await page.getByRole('button', { name: 'Save' }).click()
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' })
    await dialog.getByLabel('Name').fill('ana')
    await dialog.locator('[name=password]').fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: 'typed before the end' }).waitFor()
    await own.close()
  })

  it('says when the server is lost, and goes on when it is back', async () => {
    const page = await context.newPage()
    await page.goto('/')
    await page.getByText('Live', { exact: true }).waitFor()
    const port = Number(new URL(site.url).port)
    await site.stop()
    await page.getByText(/Reconnecting, data from \d/).waitFor()
    site = await startSite({ config: config(), folder, port })
    await page.getByText('Live', { exact: true }).waitFor()
    await page.close()
  })
})
