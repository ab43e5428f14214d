import assert from 'node:assert/strict'
import { it } from 'node:test'
import { openBrowser, skip, startSite } from './site.ts'

it('a browser shows what it is sent, and the form says what keeps it from subscribing', { skip }, async () => {
  const site = await startSite()
  const browser = await openBrowser()
  const context = await site.signedIn(browser)
  await context.grantPermissions(['notifications'], { origin: site.url })
  const page = await context.newPage()
  const worker = await context.newCDPSession(page)
  let registration = ''
  worker.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }: any) => {
    registration = registrations[0]?.registrationId ?? registration
  })
  await worker.send('ServiceWorker.enable')
  await page.goto('/channels/new?type=web_push')
  await page.getByRole('button', { name: 'Subscribe this browser' }).waitFor()
  await page.evaluate(
    "navigator.serviceWorker.register('/push-worker.js').then(() => navigator.serviceWorker.ready).then(() => 1)",
  )
  const shown = (): Promise<any[]> =>
    page.evaluate(
      'navigator.serviceWorker.ready.then((own) => own.getNotifications()).then((all) => all.map(({ title, body, tag, data }) => ({ title, body, tag, url: data.url })))',
    )
  for (let tries = 0; registration === '' && tries < 100; tries++) await new Promise((later) => setTimeout(later, 50))
  const send = (data: string) =>
    worker.send('ServiceWorker.deliverPushMessage', { origin: site.url, registrationId: registration, data })
  const about = { title: 'DOWN <b>POP-7</b>', body: '0/15 pings', tag: 'alert-7', url: `${site.url}/alerts/7` }
  await send(JSON.stringify(about))
  await send('no JSON')
  let seen = await shown()
  for (let tries = 0; seen.length < 2 && tries < 100; tries++) {
    await new Promise((later) => setTimeout(later, 50))
    seen = await shown()
  }
  assert.deepEqual(
    seen.find(({ tag }) => tag === 'alert-7'),
    about,
  )
  assert.equal(seen.find(({ tag }) => tag === '')?.title, 'Vigía')
  await page.getByRole('button', { name: 'Subscribe this browser' }).click()
  // This browser has no way to the push service of its maker.
  await page.getByText('The push service of this browser cannot be reached.').first().waitFor()
  assert.deepEqual(site.errors, [])
  await browser.close()
  await site.stop()
})
