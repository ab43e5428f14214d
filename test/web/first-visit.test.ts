import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { createHttpSink } from '../fixtures/servers/http-sink.ts'
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

  it('leads from the one-time link to an administrator, a tested channel and a first monitor', async (t) => {
    const sink = await createHttpSink()
    t.after(sink.close)
    const target = await createListener()
    t.after(target.close)
    await site.api('PATCH', '/settings', { allowed_channel_targets: ['loopback'] })
    const link = /http\S+\/setup\?token=[\w-]+/.exec(site.log())![0]
    const context = await browser.newContext({ locale: 'en-US' })
    context.setDefaultTimeout(20_000)
    const page = await context.newPage()
    await page.goto(link)
    await page.fill('[name=name]', 'ana')
    await page.fill('[name=password]', PASSWORD)
    await page.fill('[name=password_again]', PASSWORD)
    await page.click('button')

    await page.waitForURL('**/welcome')
    await page.fill('[name=time_zone]', 'America/Lima')
    await page.getByRole('button', { name: 'Next' }).click()
    await page.fill('[name=name]', 'hook')
    await page.getByRole('combobox', { name: 'Type' }).click()
    await page.getByRole('option', { name: 'Webhook', exact: true }).click()
    await page.fill('[name="options.url"]', `${sink.url}/alerts`)
    await page.getByRole('button', { name: 'Save and test' }).click()

    await page.getByRole('combobox', { name: 'Check type' }).click()
    await page.getByRole('option', { name: 'TCP connect' }).click()
    await page.fill('[name=name]', 'shop')
    await page.fill('[name="options.host"]', '127.0.0.1')
    await page.fill('[name="options.port"]', String(target.port))
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: 'To the overview' }).click()
    await page.getByRole('link', { name: 'shop', exact: true }).first().waitFor()

    const { body: about } = await site.api('GET', '/about')
    assert.deepEqual([about.language, about.time_zone, about.url], ['en', 'America/Lima', null])
    assert.equal(sink.requests.length, 1)
    assert.equal(JSON.parse(sink.requests[0]!.body).reason, 'test')
    const { body } = await site.api('GET', '/monitors')
    assert.deepEqual(
      body.items.map(({ name, type, channels }: any) => [name, type, channels]),
      [['shop', 'tcp', ['hook']]],
    )
    await context.close()
  })
})
