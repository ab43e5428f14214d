// Shows what the server sends to this browser, and opens what it is about. It keeps nothing and fetches nothing.

const textOf = (event) => {
  try {
    return event.data?.json() ?? {}
  } catch {
    return {}
  }
}

/** Where a notification leads: a page of this server, whatever else was sent. */
const pageOf = (url) => {
  const page = URL.parse(String(url ?? '/'), self.location.origin)
  return page === null ? '/' : page.pathname + page.search
}

self.addEventListener('push', (event) => {
  const { title = 'Vigía', body = '', tag, url, severity, language } = textOf(event)
  const urgent = severity === 'HIGH' || severity === 'CRITICAL'
  const options = {
    body,
    lang: language,
    data: { url },
    requireInteraction: urgent,
    ...(tag && { tag, renotify: true }),
  }
  event.waitUntil(self.registration.showNotification(title, options))
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(self.clients.openWindow(pageOf(event.notification.data?.url)))
})
