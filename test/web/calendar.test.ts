import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { openBrowser, type Site, skip, startSite } from './site.ts'

describe('planned maintenance on the page', { skip }, () => {
  let site: Site
  let browser: Browser
  before(async () => {
    site = await startSite({
      config: {
        server: { time_zone: 'America/Argentina/Cordoba' },
        channels: [{ name: 'noc', type: 'webhook', options: { url: 'http://127.0.0.1:9/' } }],
        monitors: [
          { name: 'POP-07', target: 'tcp://127.0.0.1:1', labels: { site: 'POP-07' } },
          { name: 'cliente', target: 'tcp://127.0.0.1:1', parents: ['POP-07'] },
        ],
        maintenance: [{ name: 'del archivo', match: { monitor: 'cliente' }, cron: '0 3 * * *', duration: '1h' }],
      },
    })
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await site?.stop()
  })

  it('is planned, shown by whom it hits, changed and taken back, and silences come by conditions', async () => {
    const context = await site.signedIn(browser, { locale: 'es-AR' })
    const page = await context.newPage()
    await page.goto('/calendar')
    await page
      .getByRole('button', { name: /del archivo/ })
      .first()
      .click()
    await page.getByText(/Del archivo: vigia\.yaml/).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Cambiar todas sus ventanas' }).count(), 0)
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'Programar una ventana' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Programarla' }).click()
    await dialog.getByLabel('Nombre').fill('Empalme <b>')
    await dialog.getByPlaceholder('Monitores').fill('POP')
    await page.getByRole('option', { name: 'POP-07' }).click()
    await dialog.getByText('Detrás hay 1 más: cliente').waitFor()
    await dialog.getByText('Se repite', { exact: true }).click()
    await dialog.getByText('Próximas:').waitFor()
    await dialog.getByLabel('Cuánto dura').fill('8d')
    await dialog
      .getByText(/no terminaría nunca/)
      .first()
      .waitFor()
    await dialog.getByText('Una vez', { exact: true }).click()
    await dialog.getByRole('button', { name: 'Programarla' }).click()
    await dialog.waitFor({ state: 'detached' })
    const entry = page.getByRole('button', { name: /Empalme <b>/ }).first()
    await entry.click()
    await page.getByRole('button', { name: 'Cambiar la ventana' }).click()
    await dialog.getByLabel('Nota').fill('cuadrilla 2')
    await dialog.getByRole('button', { name: 'Guardar' }).click()
    await dialog.waitFor({ state: 'detached' })
    await entry.click()
    await page.getByText('cuadrilla 2').waitFor()
    await page.getByRole('button', { name: 'Cancelarla' }).click()
    await page
      .getByRole('dialog')
      .filter({ hasText: 'No se hace.' })
      .getByRole('button', { name: 'Cancelarla' })
      .click()
    await entry.waitFor({ state: 'detached' })

    await page.goto('/monitors/1')
    await page.getByRole('button', { name: 'Mantenimiento', exact: true }).click()
    await dialog.getByRole('link', { name: /prográmelo en el calendario/ }).click()
    await dialog.getByText('Detrás hay 1 más: cliente').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'Silenciar algo' }).click()
    await dialog.getByLabel('Valor').fill('POP*')
    await dialog.getByText('1 monitor: POP-07').waitFor()
    await dialog.getByRole('button', { name: 'Silenciar' }).click()
    await page.getByText('subject =~ POP*').waitFor()
    assert.deepEqual(site.errors, [])
    await context.close()
  })
})
