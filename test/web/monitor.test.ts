import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { createListener, openBrowser, type Site, seriousFaults, skip, startSite } from './site.ts'

const CLIENTS = 30

describe('a monitor, an outage, the connections', { skip }, () => {
  let site: Site
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let target: Awaited<ReturnType<typeof createListener>>
  let visitor: Socket
  const ids = new Map<string, number>()

  before(async () => {
    target = await createListener()
    visitor = connect(target.port, '127.0.0.1')
    const well = `tcp://127.0.0.1:${target.port}`
    site = await startSite({
      config: {
        defaults: { interval: '1s', timeout: '500ms', failures: 1, successes: 1 },
        monitors: [
          { name: 'router', target: 'tcp://127.0.0.1:1' },
          { name: 'switch', target: 'tcp://127.0.0.1:1', parents: ['router'] },
          ...Array.from({ length: CLIENTS }, (_, index) => ({
            name: `client ${index + 1}`,
            target: 'tcp://127.0.0.1:1',
            parents: ['switch'],
          })),
          { name: 'backbone', target: well },
        ],
        sources: { ports: { watch: [target.port, 1], every: '1s' } },
      },
    })
    await site.api('PATCH', '/settings', { allowed_monitor_targets: ['loopback'] })
    await site.api('POST', '/monitors', {
      name: 'shop',
      type: 'tcp',
      options: { host: '127.0.0.1', port: target.port },
      labels: Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`label_${index}`, `value ${index}`])),
    })
    for (const { name, id } of (await site.api('GET', '/monitors?brief=true')).body.items) ids.set(name, id)
    browser = await openBrowser()
    context = await site.signedIn(browser)
    page = await context.newPage()
  })
  after(async () => {
    await browser.close()
    visitor.destroy()
    await site.stop()
    await target.close()
    assert.deepEqual(site.errors, [])
  })

  it('names the root of an outage, with the number of those behind it', async () => {
    await page.goto('/')
    const wrong = page.getByRole('region', { name: 'Problems now' })
    await wrong.getByText(`${CLIENTS + 1} cut off`).waitFor()
    assert.deepEqual(await wrong.getByRole('link').allInnerTexts(), ['router'])
    await wrong.getByRole('link', { name: 'router' }).click()
    await page.getByText(`${CLIENTS + 1} behind it, ${CLIENTS + 1} do not answer`).waitFor()
    assert.equal(await page.getByRole('link', { name: 'client 1', exact: true }).count(), 0)
    await page.getByText(`${CLIENTS} behind it, ${CLIENTS} do not answer`, { exact: true }).click()
    await page.getByRole('link', { name: 'client 1', exact: true }).waitFor()
    await page.getByText('Cut off', { exact: true }).first().waitFor()
  })

  it('looks once on demand, and shows every step', async () => {
    await page.goto(`/monitors/${ids.get('shop')}`)
    await page.getByRole('button', { name: 'Check now' }).click()
    const dialog = page.getByRole('dialog', { name: 'Check now' })
    await dialog.getByText('It answers').waitFor()
    assert.ok((await dialog.locator('tbody tr').allInnerTexts()).some((text) => text.startsWith('connect')))
    await page.keyboard.press('Escape')
  })

  it('shows where a push monitor is called, when asked to', async () => {
    const { body } = await site.api('POST', '/monitors', { name: 'nightly', type: 'push', options: { period: '1d' } })
    const page = await context.newPage()
    await page.goto(`/monitors/${body.id}`)
    await page.getByRole('button', { name: 'Where to call' }).click()
    const said = await page.getByRole('dialog').locator('pre').innerText()
    assert.equal(await page.getByRole('button', { name: 'Check now' }).count(), 0)
    const answer = await fetch(said.replace(/^curl -fsS /, ''))
    assert.deepEqual(await answer.json(), { ok: true })
    await page.close()
  })

  it('pauses with a way back, and begins a maintenance', async () => {
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('works on the mast')
    await page.getByRole('dialog').getByText('4 h', { exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click()
    await page.getByText('shop is paused.').waitFor()
    await page.getByText(/^Paused by ana until .*: works on the mast$/).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('shop is watched again.').waitFor()
    await page.getByRole('button', { name: 'Maintenance' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Maintenance' }).click()
    await page.getByText('Maintenance has begun.').waitFor()
    const { body } = await site.api('GET', '/maintenance')
    assert.equal(body.items[0].status, 'active')
  })

  it('tells its configuration as YAML, and its chart as a table', async () => {
    await page.getByRole('button', { name: 'YAML' }).click()
    const text = await page.getByRole('dialog').locator('pre').innerText()
    assert.match(text, /- name: shop\n\s+type: tcp/)
    await page.keyboard.press('Escape')
    await page.getByText('Hour', { exact: true }).click()
    await page.getByRole('switch', { name: 'As a table' }).check({ force: true })
    await page.getByRole('region', { name: 'Latency and loss' }).locator('tbody tr').first().waitFor()
    await page.waitForURL('**?span=hour')
  })

  it('proposes the parent that the way there shows, and takes the answer', async () => {
    const seen = { at: Date.now(), address: '10.0.0.9', hops: ['127.0.0.1', '10.0.0.9'], reached: true }
    await site.server.storage.paths.save([{ ...seen, monitorId: ids.get('shop')!, kind: 'well' }])
    await page.goto(`/monitors/${ids.get('shop')}`)
    await page.getByRole('button', { name: 'Yes, it depends on it' }).click()
    await page.getByText(/^shop depends on/).waitFor()
    const { body } = await site.api('GET', `/monitors/${ids.get('shop')}`)
    assert.equal(body.parents.length, 1)
  })

  it('draws a few of ten thousand labels, names what is missing, and asks before what was typed is lost', async () => {
    await page.goto(`/monitors/${ids.get('shop')}/edit`)
    await page.getByRole('button', { name: /^More settings/ }).click()
    await page.getByText('Show more of 9,950 others').waitFor()
    assert.equal(await page.locator('[name$=".name"]').count(), 50)
    await page.fill('[name="options.host"]', '')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Required').waitFor()
    await page.getByRole('navigation').getByText('Events').click()
    const question = page.getByRole('dialog', { name: 'Leave without saving?' })
    await question.getByRole('button', { name: 'Cancel' }).click()
    await page.fill('[name="options.host"]', 'localhost')
    await page.getByRole('button', { name: 'Save' }).click()
    // The form goes when it is saved; the heading is the same on both pages.
    await page.waitForURL((url) => !url.pathname.endsWith('/edit'))
    const { body } = await site.api('GET', `/monitors/${ids.get('shop')}/entry`)
    assert.equal(body.options.host, 'localhost')
    assert.equal(Object.keys(body.labels).length, 10_000)
  })

  it('shows ports, who listens there, and their connections over time', async () => {
    await page.goto('/connections')
    const line = page.locator('tr', { has: page.getByRole('button', { name: `port ${target.port} ` }) })
    await page.locator('tr', { hasText: 'nothing listens' }).waitFor()
    await line.getByRole('button').click()
    await page.getByRole('heading', { name: `Port ${target.port}` }).waitFor()
    await page.locator('.u-legend').getByText('ESTABLISHED').waitFor()
    await page.waitForURL(`**?port=${target.port}`)
    assert.deepEqual(await seriousFaults(page), [])
  })

  it('goes by the clock of the server where that of the browser is wrong', async () => {
    const late = await site.signedIn(browser)
    await late.clock.install({ time: Date.now() + 7_200_000 })
    await late.clock.resume()
    const other = await late.newPage()
    await other.goto(`/monitors/${ids.get('router')}`)
    await other.getByText(/since (\d+ sec|[1-9] min)\. ago/).waitFor()
    await other.goto('/settings/about')
    await other.getByText('differ by 2 h').waitFor()
    await late.close()
  })
})
