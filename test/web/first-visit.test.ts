import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { accountsOf } from '#cli/accounts-of.ts'
import { BY_COMMAND } from '#cli/command.ts'
import { createSmtpSink } from '../fixtures/servers/smtp-sink.ts'
import { createListener, openBrowser, PASSWORD, type Site, skip, startSite } from './site.ts'

describe('first visit', { skip }, () => {
  let site: Site
  let browser: Browser
  before(async () => {
    site = await startSite({ user: false })
    browser = await openBrowser()
  })
  after(async () => {
    await browser.close()
    await site.stop()
  })

  /** Fields that somebody sees and may be asked to fill in. */
  const fieldsOf = async (page: Page): Promise<number> => {
    const fields = page.locator('main, form').locator('input:not([type=hidden]), textarea, select')
    const seen = await Promise.all((await fields.all()).map((field) => field.isVisible()))
    return seen.filter(Boolean).length
  }

  /** Nobody who watches five servers needs these. */
  const FOR_OTHERS = /\b(node|nodo|shard|parent|label|etiqueta|SNMP|PostgreSQL)s?\b/i

  it('leads from the one-time link to a delivered test message in four screens and twelve fields, and to a first monitor', async (t) => {
    const mail = await createSmtpSink({ security: 'none' })
    t.after(mail.close)
    const target = await createListener()
    t.after(target.close)
    await site.api('PATCH', '/settings', { allowed_channel_targets: ['loopback'] })
    const link = /http\S+\/setup\?token=[\w-]+/.exec(site.log())![0]
    const context = await browser.newContext({ locale: 'en-US' })
    context.setDefaultTimeout(20_000)
    const page = await context.newPage()
    let [screens, fields] = [0, 0]
    const look = async () => {
      screens++
      fields += await fieldsOf(page)
      assert.doesNotMatch(await page.locator('body').innerText(), FOR_OTHERS)
    }
    await page.goto(link)
    await look()
    await page.fill('[name=name]', 'ana')
    await page.fill('[name=password]', PASSWORD)
    await page.fill('[name=password_again]', PASSWORD)
    await page.click('button')

    await page.waitForURL('**/welcome')
    await page.locator('[name=time_zone]').waitFor()
    await look()
    await page.fill('[name=time_zone]', 'America/Lima')
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('button', { name: 'Save and test' }).waitFor()
    await look()
    await page
      .getByRole('combobox', { name: 'To' })
      .or(page.getByLabel('To', { exact: true }))
      .first()
      .fill('noc@isp.example')
    await page.fill('[name="options.smtp.host"]', '127.0.0.1')
    // A mail server listens where mail servers do; this one cannot.
    await page
      .getByRole('group', { name: 'Mail server' })
      .getByRole('button', { name: /More options/ })
      .click()
    await page.fill('[name="options.smtp.port"]', String(mail.port))
    await page.getByRole('button', { name: 'Save and test' }).click()
    await page.getByRole('combobox', { name: 'Check type' }).waitFor()
    await mail.received(1)
    assert.match(mail.mails[0]!.raw, /This is a test|test/i)
    assert.deepEqual(mail.mails[0]!.to, ['noc@isp.example'])
    assert.ok(screens <= 4 && fields <= 12, `${screens} screens with ${fields} fields`)

    await page.getByRole('combobox', { name: 'Check type' }).click()
    await page.getByRole('option', { name: 'HTTP', exact: false }).first().click()
    assert.ok((await fieldsOf(page)) <= 5, `${await fieldsOf(page)} fields for a page to watch`)
    assert.doesNotMatch(await page.locator('main').innerText(), FOR_OTHERS)
    await page.getByRole('combobox', { name: 'Check type' }).click()
    await page.getByRole('option', { name: 'TCP connect' }).click()
    await page.fill('[name=name]', 'shop')
    await page.fill('[name="options.host"]', '127.0.0.1')
    await page.fill('[name="options.port"]', String(target.port))
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: 'To the overview' }).click()
    await page.getByRole('link', { name: 'shop', exact: true }).first().waitFor()
    assert.ok((await page.locator('nav a').count()) <= 6)

    // The whole form asks a newcomer no more than the short one.
    await page.goto(`${site.url}/monitors/new`)
    await page.getByRole('combobox', { name: 'Check type' }).click()
    await page.getByRole('option', { name: 'HTTP', exact: false }).first().click()
    await page.locator('[name="options.url"]').waitFor()
    assert.ok((await fieldsOf(page)) <= 5, `${await fieldsOf(page)} fields of the whole form`)

    const { body: about } = await site.api('GET', '/about')
    assert.deepEqual([about.language, about.time_zone, about.region, about.url], ['en', 'America/Lima', 'en-US', null])
    const { body } = await site.api('GET', '/monitors')
    assert.deepEqual(
      body.items.map(({ name, type, channels }: any) => [name, type, channels]),
      [['shop', 'tcp', ['E-mail']]],
    )
    await context.close()
  })

  it('brings what somebody has: shown first, with the columns as one says, then stored', async () => {
    const context = await browser.newContext({ locale: 'es-AR', baseURL: site.url })
    context.setDefaultTimeout(20_000)
    await context.request.post('/sign-in', {
      form: { name: 'ana', password: PASSWORD, next: '/healthz' },
      headers: { origin: site.url },
    })
    const page = await context.newPage()
    await page.goto('/welcome')
    await page.getByRole('link', { name: /Traiga lo que ya tiene/ }).click()
    const nodos = 'Nodo;IP vieja;IP de gestión\nnorte;10.9.0.1;10.8.0.1\nroto;;no hay\n'
    await page.setInputFiles('input[type=file][multiple]', {
      name: 'nodos.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(nodos),
    })
    await page.getByRole('button', { name: 'Leerlo como una lista' }).click()
    await page.getByLabel('IP de gestión').selectOption('address')
    await page.getByText('No se entiende: roto, , no hay').waitFor()
    await page.locator('select:enabled').first().waitFor()
    assert.deepEqual((await site.api('GET', '/monitors?q=norte')).body.items, [])
    await page.getByRole('button', { name: 'Traer 1' }).click()
    await page.getByText('Ya está aquí').waitFor()
    const { body } = await site.api('GET', '/monitors')
    assert.equal(body.items.find(({ name }: any) => name === 'norte').target, '10.8.0.1')
    await context.close()
  })

  it('says all mistakes of a form at once, and shows none to whom it is not for', async () => {
    await accountsOf(site.server.storage).createUser(BY_COMMAND, { name: 'leo', password: PASSWORD, role: 'viewer' })
    const context = await browser.newContext({ locale: 'es-AR', baseURL: site.url })
    context.setDefaultTimeout(20_000)
    const signIn = (name: string) =>
      context.request.post('/sign-in', {
        form: { name, password: PASSWORD, next: '/healthz' },
        headers: { origin: site.url },
      })
    await signIn('ana')
    const page = await context.newPage()
    await page.goto('/monitors/new')
    await page.fill('[name=interval]', 'cada rato')
    await page.getByRole('button', { name: /Más ajustes/ }).click()
    await page.fill('[name=failures]', 'muchas')
    await page.getByRole('button', { name: 'Guardar' }).click()
    await page.getByText('Obligatorio').first().waitFor()
    assert.equal(await page.getByText('Obligatorio').count(), 2)
    assert.equal(await page.locator('[name=interval][aria-invalid=true]').count(), 1)
    assert.equal(await page.locator('[name=failures][aria-invalid=true]').count(), 1)

    await signIn('leo')
    const reader = await context.newPage()
    for (const path of ['/monitors/new', '/monitors/1/edit', '/channels/new', '/channels/rules/new', '/welcome']) {
      await reader.goto(path)
      await reader.getByText('Su cuenta es solo de lectura: aquí no cambia nada').waitFor()
      assert.equal(await reader.locator('main input, main textarea').count(), 0, path)
    }
    await context.close()
  })
})
