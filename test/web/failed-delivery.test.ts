import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContext } from 'playwright-core'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'
import { createSmtpSink, type SmtpSink } from '../fixtures/servers/smtp-sink.ts'
import { openBrowser, type Site, skip, startSite } from './site.ts'

const LEO = 'leo@isp.example'

describe('a delivery that failed', { skip }, () => {
  let site: Site
  let browser: Browser
  let hook: HttpSink
  let mail: SmtpSink
  let event = 0
  let alert = 0

  before(async () => {
    hook = await createHttpSink({ answer: () => ({ status: 404 }) })
    mail = await createSmtpSink({ security: 'none', refuse: { [LEO]: '550 5.1.1 No such user' } })
    const smtp = { host: mail.host, port: mail.port, security: 'none' }
    const to = ['ana@isp.example', LEO]
    site = await startSite({
      config: {
        channels: [
          { name: 'hook', type: 'webhook', options: { url: hook.url } },
          { name: 'mail', type: 'email', options: { to, from: 'vigia@isp.example', smtp } },
        ],
        rules: [{ name: 'scans', type: 'scan', channels: ['hook', 'mail'] }],
      },
    })
    event = (await site.api('POST', '/events', { type: 'scan', subject: 'door' })).body.ids[0]
    const untried = async () => {
      const { notifications } = (await site.api('GET', `/events/${event}/explain`)).body
      return notifications.length < 2 || notifications.some(({ attempts }: any) => attempts.length === 0)
    }
    while (await untried()) await new Promise((later) => setTimeout(later, 20))
    alert = (await site.api('GET', '/alerts')).body.items.find(({ subject }: any) => subject === 'door').id
    browser = await openBrowser()
  })
  after(async () => {
    await browser.close()
    await site.stop()
    await Promise.all([hook.close(), mail.close()])
    assert.deepEqual(site.errors, [])
  })

  interface Words {
    readonly answered: string
    readonly leo: string
    readonly cure: string
    readonly test: string
    readonly history: string
  }

  const reads = async (context: BrowserContext, { answered, leo, cure, test, history }: Words) => {
    for (const path of [`/alerts/${alert}`, `/events/${event}`]) {
      const page = await context.newPage()
      await page.goto(path)
      for (const sentence of [answered, leo]) await page.getByText(sentence).first().waitFor()
      await page.close()
    }
    const page = await context.newPage()
    await page.goto('/channels')
    const channel = page.locator('li').filter({ has: page.getByText('hook', { exact: true }) })
    await channel.getByRole('button', { name: test }).click()
    await page.getByText(`hook: ${answered} ${cure}`).waitFor()
    await page.getByRole('tab', { name: history }).click()
    for (const sentence of [answered, leo]) await page.getByRole('cell').getByText(sentence).first().waitFor()
    await page.close()
  }

  it('says why in English, and what helps', async () => {
    const context = await site.signedIn(browser)
    await reads(context, {
      answered: `127.0.0.1:${hook.port} answered 404 Not Found.`,
      leo: `${LEO} was refused: 550 5.1.1 No such user`,
      cure: 'Check the address.',
      test: 'Test',
      history: 'History',
    })
    await context.close()
  })

  it('says why in Spanish, and what helps', async () => {
    const context = await site.signedIn(browser, { locale: 'es-AR' })
    await reads(context, {
      answered: `127.0.0.1:${hook.port} respondió 404 Not Found.`,
      leo: `${LEO} fue rechazado: 550 5.1.1 No such user`,
      cure: 'Revisar la dirección.',
      test: 'Probar',
      history: 'Historial',
    })
    await context.close()
  })
})
