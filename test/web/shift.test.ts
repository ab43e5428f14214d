import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { openBrowser, type Site, skip, startSite } from './site.ts'

describe('the shift log on the page', { skip }, () => {
  let site: Site
  let browser: Browser
  before(async () => {
    site = await startSite({
      config: {
        channels: [{ name: 'relevo', type: 'webhook', options: { url: 'http://127.0.0.1:9/' } }],
        monitors: [{ name: 'POP-07', target: 'tcp://127.0.0.1:1' }],
      },
    })
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await site?.stop()
  })

  it('has no entry until it is used; notes of a monitor stand in it, it is handed over and signed', async () => {
    const context = await site.signedIn(browser, { locale: 'es-AR' })
    const page = await context.newPage()
    await page.goto('/monitors/1')
    const nav = page.getByRole('navigation')
    await page.getByText('Todavía no hay notas.').waitFor()
    assert.equal(await nav.getByText('Registro del turno').count(), 0)
    await page.getByLabel('Escribir una línea').fill('<b>compañía</b> avisada')
    await page.getByPlaceholder('Ticket').fill('12345')
    await page.getByLabel('Dejar a la vista hasta que esté hecho').check()
    await page.getByRole('button', { name: 'Anotar' }).click()
    await nav.getByText('Registro del turno').click()
    await page.getByText('<b>compañía</b> avisada [12345]').first().waitFor()
    await page.getByRole('button', { name: 'Entregar el turno' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Unas palabras a quien entra').fill('todo tranquilo')
    await dialog.getByRole('button', { name: 'Entregar el turno' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('“todo tranquilo”').waitFor()
    await page.getByRole('button', { name: 'Tomo el turno' }).click()
    await page.getByText(/lo tomó ana/).waitFor()
    await page.getByRole('button', { name: 'Hecho' }).click()
    await page.getByText('No hay nada pendiente.').waitFor()
    assert.deepEqual(site.errors, [])
    await context.close()
  })
})
