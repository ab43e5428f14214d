import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContext } from 'playwright-core'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'
import { createListener, openBrowser, type Site, skip, startSite } from './site.ts'

describe('work of a shift', { skip }, () => {
  let site: Site
  let browser: Browser
  let context: BrowserContext
  let sink: HttpSink

  before(async () => {
    sink = await createHttpSink()
    site = await startSite({
      config: { channels: [{ name: 'hook', type: 'webhook', options: { url: `${sink.url}/in` } }] },
    })
    const attack = (index: number) => ({
      type: 'port_scan_seen',
      severity: 'HIGH',
      ip: `203.0.113.${index}`,
      ports: index * 20,
    })
    await site.api(
      'POST',
      '/events',
      Array.from({ length: 9 }, (_, index) => attack(index + 1)),
    )
    browser = await openBrowser()
    context = await site.signedIn(browser)
  })
  after(async () => {
    await browser.close()
    await site.stop()
    await sink.close()
    assert.deepEqual(site.errors, [])
  })

  it('tells all about an address, ignores it for a while, and says why nobody can ban it here', async () => {
    await site.api('POST', '/events', [
      { type: 'ml_prediction', src_ip: '203.0.113.5', ml_confidence: 0.93, reason: '<img src=x onerror=alert(1)>' },
      { type: 'ids', severity: 'CRITICAL', source_ip: '203.0.113.5', dest_ip: '10.0.0.5', dest_port: 22 },
    ])
    const page = await context.newPage()
    await page.goto('/security')
    await page.getByRole('region', { name: 'Addresses seen most' }).getByRole('link', { name: '203.0.113.5' }).click()
    await page.getByRole('heading', { name: '203.0.113.5', level: 1 }).waitFor()
    const found = page.getByRole('region', { name: 'What was found' })
    assert.match(await found.innerText(), /Intrusion attempt[\s\S]*93 %[\s\S]*<img src=x onerror/)
    assert.match(await page.getByRole('region', { name: 'Targets' }).innerText(), /10\.0\.0\.5[\s\S]*22/)
    await page.getByText('No fail2ban is connected').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Ban', exact: true }).count(), 0)
    await page.getByRole('button', { name: 'Look for them' }).click()
    await page.getByRole('region', { name: 'Who else' }).getByRole('link', { name: '203.0.113.9' }).waitFor()

    await page.getByRole('button', { name: 'Ignore' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('bans go on').waitFor()
    await dialog.getByLabel('Reason').fill('our own scanner')
    await dialog.getByRole('button', { name: 'Ignore' }).click()
    await page.getByRole('button', { name: 'Stop ignoring' }).waitFor()
    const { body } = await site.api('GET', '/addresses/203.0.113.5')
    assert.equal(body.ignored.comment, 'our own scanner')
    await page.getByRole('button', { name: 'Stop ignoring' }).click()
    await page.getByRole('button', { name: 'Ignore' }).waitFor()

    await page.goto('/security/web-01')
    await page.getByText('What has a name is found by the search.').waitFor()
    await page.close()
  })

  it('adds a pasted list and names what is wrong by its line', async () => {
    const page = await context.newPage()
    await page.goto('/monitors/list')
    await page.fill(
      '[name=list]',
      'name,target,site\nr1,icmp://127.0.0.1,POP-1\nr2,nonsense://x,POP-1\nr1,icmp://127.0.0.2,POP-2\n',
    )
    await page.getByText('1 line is fine, 2 lines are wrong').waitFor()
    const rows = await page.getByRole('region', { name: 'What will be added' }).locator('tr').allInnerTexts()
    assert.match(rows[1]!, /Line 3[\s\S]*nonsense/)
    assert.match(rows[2]!, /Line 4[\s\S]*twice/)
    await page.getByRole('button', { name: 'Add 1 monitor' }).click()
    await page.getByText('1 monitor was added.').waitFor()
    const { body } = await site.api('GET', '/monitors')
    assert.deepEqual(
      body.items.map(({ name, labels }: any) => [name, labels]),
      [['r1', { site: 'POP-1' }]],
    )
    await page.close()
  })

  it('chooses the first channel for a new monitor, and says so where nobody would hear of it', async () => {
    const page = await context.newPage()
    await page.goto('/monitors/new')
    const form = page.locator('form')
    await form.getByText('hook', { exact: true }).first().waitFor()
    await form.getByRole('combobox', { name: 'Channels' }).press('Backspace')
    await form.getByText('Nobody is notified when this fails. Choose a channel.').waitFor()
    await page.goto('/monitors/list')
    await page.getByText('hook', { exact: true }).waitFor()
    await page.close()
  })

  it('says of a monitor that nobody hears of it, and ends no alert by hand while its monitor fails', async () => {
    const closed = await createListener()
    await closed.close()
    const watched = { failures: 1, interval: '1s', retry_interval: '100ms' }
    const target = `tcp://127.0.0.1:${closed.port}`
    const { body } = await site.api('POST', '/monitors', { name: 'unheard', target, channels: [], ...watched })
    await site.api('POST', '/monitors', { name: 'heard', target, channels: ['hook'], ...watched })
    const page = await context.newPage()
    await page.goto(`/monitors/${body.id}`)
    await page.getByText(/^Nobody is notified when this fails/).waitFor()
    await page.goto('/')
    await page.getByRole('button', { name: /nobody is notified of \d/ }).click()
    await page.getByRole('link', { name: 'unheard' }).first().waitFor()
    assert.equal(await page.getByRole('region', { name: 'Monitors' }).getByText('heard', { exact: true }).count(), 0)

    await page.goto('/alerts/active')
    await page.getByRole('link', { name: 'heard', exact: true }).click()
    await page.getByRole('button', { name: 'Acknowledge' }).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Close alert' }).count(), 0)
    await page.close()
  })

  it('makes a rule without a line of JSON, sees its text and what it would have done', async () => {
    const page = await context.newPage()
    await page.goto('/channels/rules/new')
    await page.fill('[name=name]', 'big scans')
    await page.fill('[name=type]', 'port_scan_seen')
    await page.getByRole('button', { name: 'Add a condition' }).click()
    await page.getByRole('combobox', { name: 'Field' }).fill('ports')
    await page.getByRole('combobox', { name: 'Operator' }).click()
    await page.getByRole('option', { name: 'is at least' }).click()
    await page.getByLabel('Value', { exact: true }).fill('100')
    await page.getByRole('combobox', { name: 'Channels' }).fill('hook')
    await page.getByRole('combobox', { name: 'Channels' }).press('Enter')
    await page.fill('[name="templates.subject"]', 'scan of {{ ports }} ports by {{ ip }}')
    await page.getByText('scan of 180 ports by 203.0.113.9').waitFor()
    await page.getByRole('button', { name: 'Try it on past events' }).click()
    await page.getByText(/^9 events checked, 5 matched, 5 announced/).waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('big scans was saved.').waitFor()
    const { body } = await site.api('GET', '/rules')
    const rule = body.items.find(({ name }: any) => name === 'big scans')
    assert.deepEqual(rule.conditions, { ports: { operator: '>=', value: 100 } })
    assert.deepEqual(rule.channels, ['hook'])

    await site.api('POST', '/events', { type: 'port_scan_seen', severity: 'HIGH', ip: '198.51.100.7', ports: 500 })
    await page.goto('/alerts/active')
    await page.getByRole('link', { name: '198.51.100.7' }).click()
    await page.getByText('The alert was opened and announced').waitFor()
    await page.getByText(/hook, attempt 1 delivered/).waitFor()
    await page.close()
  })

  it('makes a channel that groups, keeps quiet at night and has a fallback, and says what is missing by its place', async () => {
    const page = await context.newPage()
    await page.goto('/channels/new')
    await page.getByRole('button', { name: /^More settings/ }).click()
    await page.fill('[name=name]', 'night desk')
    await page.getByRole('combobox', { name: 'Type' }).click()
    await page.getByRole('option', { name: 'Webhook', exact: true }).click()
    await page.fill('[name="options.url"]', 'https://hooks.example/in')
    await page.getByRole('combobox', { name: 'Labels' }).fill('site')
    await page.getByRole('combobox', { name: 'Labels' }).press('Enter')
    await page.fill('[name="group.wait"]', '1m')
    await page.fill('[name="quiet.from"]', '22:00')
    await page.getByRole('combobox', { name: 'Channel', exact: true }).click()
    await page.getByRole('option', { name: 'hook' }).click()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.locator('[name="quiet.to"][aria-invalid=true]').fill('7:00')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('is not a time of day; write 22:00', { exact: true }).waitFor()
    await page.fill('[name="quiet.to"]', '07:00')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('night desk was saved.').waitFor()
    const made = async () =>
      (await site.api('GET', '/channels')).body.items.find(({ name }: any) => name === 'night desk')
    const { id, group, quiet, fallback, rate_limit, urgent } = await made()
    assert.deepEqual(
      { group, quiet, fallback, rate_limit, urgent },
      {
        group: { by: ['site'], wait: '1m', interval: '5m' },
        quiet: { from: '22:00', to: '07:00' },
        fallback: { to: 'hook', after: '3m' },
        rate_limit: null,
        urgent: null,
      },
    )

    await page.goto(`/channels/${id}`)
    await page.fill('[name="quiet.from"]', '')
    await page.fill('[name="quiet.to"]', '')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('night desk was saved.').waitFor()
    assert.deepEqual([(await made()).quiet, (await made()).group], [null, group])
    await page.close()
  })

  it('tells the second of two who edit one rule, and keeps what was typed', async () => {
    const { body } = await site.api('GET', '/rules')
    const { id } = body.items.find(({ name }: any) => name === 'big scans')
    const page = await context.newPage()
    await page.goto(`/channels/rules/${id}`)
    await page.getByLabel('Description').fill('mine')
    await site.api('PATCH', `/rules/${id}`, { description: 'theirs' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog', { name: 'Changed meanwhile' }).getByRole('button', { name: 'Cancel' }).click()
    assert.equal(await page.getByLabel('Description').inputValue(), 'mine')
    assert.equal((await site.api('GET', `/rules/${id}`)).body.description, 'theirs')
    await page.close()
  })

  it('acknowledges, silences and resolves alerts', async () => {
    const page = await context.newPage()
    await page.goto('/alerts/active')
    await page.getByLabel('Select 198.51.100.7').check()
    await page.getByRole('button', { name: 'Acknowledge' }).click()
    await page.getByLabel('Note').fill('on my way')
    await page.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click()
    await page.getByText('on my way').waitFor()
    await page.getByRole('link', { name: '198.51.100.7' }).click()
    await page.getByRole('button', { name: 'Silence' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Silence' }).click()
    await page.getByText('The silence has begun.').waitFor()
    await page.getByText(/^Silenced until .* by /).waitFor()
    await page.getByRole('button', { name: 'Close alert' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Close alert' }).click()
    await page.getByText('Closed.').waitFor()
    const { body } = await site.api('GET', '/alerts?status=resolved')
    assert.equal(body.items[0].acknowledgement.note, 'on my way')
    const silences = (await site.api('GET', '/silences')).body.items
    assert.deepEqual(silences[0].matchers, [{ name: 'subject', operator: '=', value: '198.51.100.7' }])
    await page.close()
  })

  it('switches, tests and reads the log in Spanish, as people of the older panel do', async () => {
    const spanish = await site.signedIn(browser, { locale: 'es-AR' })
    const page = await spanish.newPage()
    await page.goto('/channels')
    assert.equal(await page.locator('html').getAttribute('lang'), 'es')
    for (const tab of ['Canales', 'Reglas', 'Historial']) await page.getByRole('tab', { name: tab }).waitFor()
    const hook = page.locator('li').filter({ has: page.getByText('hook', { exact: true }) })
    await hook.getByRole('button', { name: 'Probar' }).click()
    await page.getByText(/hook: el mensaje de prueba se entregó/).waitFor()

    await page.getByRole('tab', { name: 'Reglas' }).click()
    // What a new server brings along is out of the way until somebody wants it.
    await page.getByText('Sugerencias: 5').click()
    await page.getByRole('switch', { name: 'Habilitar Zeek Port Scan' }).click({ force: true })
    await page.getByText('Zeek Port Scan está habilitado.').waitFor()

    await page.getByRole('combobox', { name: 'A', exact: true }).click()
    await page.getByRole('option', { name: 'hook' }).click()
    await page.getByRole('button', { name: 'Enviar una prueba' }).click()
    await page.getByText('Canales que la entregaron: 1 de 1.').waitFor()
    await page.getByText('Ninguna regla habilitada la recibiría.').waitFor()
    const { body: rule } = await site.api('POST', '/rules', { name: 'pruebas', type: 'custom', channels: ['hook'] })
    await page.getByRole('button', { name: 'Enviar una prueba' }).click()
    await page.getByText('Reglas que la recibirían').waitFor()
    await page.getByText('→ hook').waitFor()

    await page.getByRole('tab', { name: 'Historial' }).click()
    await page.getByRole('cell', { name: 'Prueba', exact: true }).first().waitFor()
    await page.getByRole('combobox', { name: 'Resultado' }).click()
    await page.getByRole('option', { name: 'Fallidos' }).click()
    await page.getByText('No se envió nada en este tiempo.').waitFor()
    await page.goto(`/channels/rules/${rule.id}`)
    await page.getByRole('button', { name: 'Enviar una prueba' }).click()
    await page.getByText('Reglas que la recibirían').waitFor()

    await site.api('POST', '/events', { type: 'portón', subject: 'puerta' })
    await page.goto('/alerts/active')
    await page.getByRole('link', { name: 'Cifras en el tiempo' }).click()
    for (const table of ['Por regla', 'Por severidad', 'Por canal'])
      await page.getByRole('heading', { name: table }).waitFor()
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Exportar como CSV' }).first().click()
    const text = readFileSync(await (await saved).path(), 'utf8')
    assert.match(text, /^\uFEFFCuándo;Avisos;Entregados;Fallidos;/)
    assert.equal(text.trim().split('\n').length, 8)
    await page.goto('/settings/audit')
    await page.getByRole('cell', { name: 'probó el canal hook' }).first().waitFor()
    await spanish.close()
  })

  it('keeps the choice of language and colours', async () => {
    const own = await site.signedIn(browser)
    const page = await own.newPage()
    await page.goto('/settings/appearance')
    await page.getByText('Español').click()
    await page.getByRole('heading', { level: 1, name: 'Ajustes' }).waitFor()
    await page.getByText('Oscura').click()
    await page.reload()
    assert.equal(await page.locator('html').getAttribute('lang'), 'es')
    assert.equal(await page.locator('html').getAttribute('data-mantine-color-scheme'), 'dark')
    await own.close()
  })
})
