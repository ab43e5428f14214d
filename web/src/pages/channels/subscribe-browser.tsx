import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Icon } from '../../components/icon.tsx'
import { sayDone, sayFailed } from '../../components/toast.tsx'
import { addTexts } from '../../i18n/index.ts'
import { push } from '../../i18n/texts/push.ts'

addTexts('push', push)

/** What a browser gives with its subscription. */
interface Subscribed {
  readonly endpoint: string
  readonly p256dh: string
  readonly auth: string
}

type Trouble = 'insecure' | 'unknown' | 'denied' | 'failed'

/** Asks the browser; a refusal is a word. */
const subscribe = async (): Promise<Subscribed | Trouble> => {
  if (!window.isSecureContext) return 'insecure'
  if (!('serviceWorker' in navigator) || !('PushManager' in window)) return 'unknown'
  if ((await Notification.requestPermission()) !== 'granted') return 'denied'
  const { key } = await api.get<{ key: string }>('/web-push/key')
  try {
    await navigator.serviceWorker.register('/push-worker.js')
    const { pushManager } = await navigator.serviceWorker.ready
    // One of another server that had this address has another key.
    await (await pushManager.getSubscription())?.unsubscribe()
    const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
    const { endpoint, keys } = made.toJSON()
    return endpoint && keys?.p256dh && keys.auth ? { endpoint, p256dh: keys.p256dh, auth: keys.auth } : 'failed'
  } catch {
    return 'failed'
  }
}

/** Subscribes the browser in which the reader is. */
const SubscribeBrowser = ({ take }: { readonly take: (subscribed: Subscribed) => void }) => {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const act = async () => {
    setBusy(true)
    const found = await subscribe().catch((): Trouble => 'failed')
    setBusy(false)
    if (typeof found === 'string') return sayFailed(t(`push.${found}`))
    take(found)
    sayDone(t('push.done'))
  }
  return (
    <div>
      <Button variant="default" leftSection={<Icon name="bell" size={16} />} loading={busy} onClick={() => void act()}>
        {t('push.here')}
      </Button>
      <Text size="sm" className="quiet" mt={4}>
        {window.isSecureContext ? t('push.hint') : t('push.insecure')}
      </Text>
    </div>
  )
}
export default SubscribeBrowser
