import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openBrowser, type Site, skip, startSite } from './site.ts'

describe('a form in Spanish', { skip }, () => {
  let site: Site
  let browser: Browser
  let context: BrowserContext

  before(async () => {
    site = await startSite({ config: { monitors: [{ name: 'shop', target: 'tcp://127.0.0.1:1' }] } })
    browser = await openBrowser()
    context = await site.signedIn(browser, { locale: 'es-AR' })
  })
  after(async () => {
    await browser.close()
    await site.stop()
    assert.deepEqual(site.errors, [])
  })

  /** The form of a monitor of a type, by the type's Spanish name. */
  const formOf = async (type: string): Promise<Page> => {
    const page = await context.newPage()
    await page.goto('/monitors/new')
    await page.getByLabel(/^Tipo/).first().click()
    await page.getByRole('option', { name: type, exact: true }).click()
    return page
  }

  it('has the words that the schema of the type carries', async () => {
    const page = await formOf('Conexión TCP')
    await page.getByText('Nombre o dirección a la que conectar').waitFor()
    await page.getByLabel(/^Puerto/).waitFor()
    await page.close()
  })

  it('says at its field what the server refuses', async () => {
    const page = await formOf('Conexión TCP')
    await page.fill('[name="name"]', 'shop')
    await page.fill('[name="options.host"]', '127.0.0.1')
    await page.fill('[name="options.port"]', '70000')
    await page.locator('button[type=submit]').click()
    await page.getByText('debe ser como máximo 65535', { exact: true }).waitFor()
    await page.fill('[name="options.port"]', '22')
    await page.locator('button[type=submit]').click()
    await page.getByText('ya hay otro que se llama shop', { exact: true }).waitFor()
    await page.fill('[name="name"]', 'other')
    await page.fill('[name="options.host"]', '300.1.1.1')
    await page.locator('button[type=submit]').click()
    await page.getByText(/300\.1\.1\.1 no es una dirección IP ni un nombre/).waitFor()
    await page.close()
  })

  it('shows the steps of a look, and what they found', async () => {
    const { body } = await site.api('GET', '/monitors')
    const page = await context.newPage()
    await page.goto(`/monitors/${body.items[0].id}`)
    await page.getByRole('button', { name: 'Comprobar ahora' }).click()
    const row = page.getByRole('dialog').locator('tbody tr').last()
    await row.getByText('conectar').waitFor()
    await row.getByText('dirección: 127.0.0.1:1, error: conexión a 127.0.0.1:1 rechazada').waitFor()
    await page.close()
  })

  it('says why a rule did nothing', async () => {
    await site.api('POST', '/rules', { name: 'off', type: 'ids', enabled: false })
    const { body } = await site.api('POST', '/events', { type: 'ids', severity: 'LOW', ip: '203.0.113.4' })
    const page = await context.newPage()
    await page.goto(`/events/${body.ids[0]}`)
    await page.getByText('la regla está deshabilitada', { exact: true }).waitFor()
    await page.close()
  })
})
