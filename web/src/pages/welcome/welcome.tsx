import { Anchor, Button, Card, Group, Stack, Stepper, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import type { Channel, Page } from '../../api/types.ts'
import { Loaded, PageHead } from '../../components/page.tsx'
import { sayDone } from '../../components/toast.tsx'
import { addTexts } from '../../i18n/index.ts'
import { history as historyTexts } from '../../i18n/texts/history.ts'
import { places as placesTexts } from '../../i18n/texts/places.ts'
import { store } from '../../lib/choice.ts'
import { ChannelForm } from '../channels/channel-form.tsx'
import { useTestChannel } from '../channels/test-channel.ts'
import { MonitorForm } from '../monitor/monitor-form.tsx'
import { NobodyHears } from '../monitor/nobody-hears.tsx'
import { PlaceForm } from '../settings/place-form.tsx'

addTexts('history', historyTexts)
addTexts('places', placesTexts)

/** The first visit: how the server speaks, a channel that is tested, a monitor that uses it. */
const Welcome = () => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const test = useTestChannel()
  const administrator = useMay('administrator')
  const [step, setStep] = useState(0)
  const finish = () => {
    store('welcomed', 'yes')
    setStep(3)
  }
  const [channel, setChannel] = useState<string>()
  /** The channels of the first monitor, once there is one. */
  const [told, setTold] = useState<readonly string[]>()
  return (
    <div style={{ maxWidth: 680, margin: '0 auto' }}>
      <PageHead title={t('places.welcome')} below={<Text className="quiet">{t('places.welcomeHint')}</Text>} />
      <Stepper active={step} size="sm" mb="md">
        <Stepper.Step label={t('places.stepPlace')} />
        <Stepper.Step label={t('places.stepChannel')} />
        <Stepper.Step label={t('places.stepMonitor')} />
      </Stepper>
      {administrator && step < 3 && (
        <Text size="sm" mb="md">
          <Anchor component={Link} href="/bring" onClick={() => store('welcomed', 'yes')}>
            {t('places.welcomeBring')}
          </Anchor>
        </Text>
      )}
      {step === 0 && <PlaceForm save={t('places.next')} saved={() => setStep(1)} />}
      {step === 1 && (
        <Stack>
          <Text className="quiet">{t('places.stepChannelHint')}</Text>
          <FirstChannel
            cancel={() => setStep(2)}
            saved={async (made) => {
              await client.invalidateQueries({ queryKey: ['channels'] })
              setChannel(made.name)
              // One that does not deliver stays here to be mended; it is saved all the same.
              if (await test(made)) setStep(2)
            }}
          />
        </Stack>
      )}
      {step === 2 && (
        <MonitorForm
          short
          initial={channel === undefined ? {} : { channels: [channel] }}
          cancel={finish}
          save={async (entry) => {
            const { name } = await api.post<{ name: string }>('/monitors', entry)
            sayDone(t('monitors.created', { name }))
            setTold((entry.channels as readonly string[] | undefined) ?? [])
            finish()
          }}
        />
      )}
      {step === 3 && (
        <Card ta="center" p="xl">
          <Text fw={600} fz="lg">
            {t('places.stepDone')}
          </Text>
          {told && told.length > 0 && <Text className="quiet">{t('places.stepDoneHint')}</Text>}
          {told && <NobodyHears chosen={told} />}
          <Group justify="center" mt="md">
            <Button component={Link} href="/monitors/list" variant="default">
              {t('places.addMany')}
            </Button>
            <Button component={Link} href="/" onClick={() => void client.invalidateQueries({ queryKey: ['monitors'] })}>
              {t('places.toOverview')}
            </Button>
          </Group>
        </Card>
      )}
    </div>
  )
}
export default Welcome

type ChannelProps = Pick<Parameters<typeof ChannelForm>[0], 'cancel' | 'saved'>

/** The first channel; where a visit before this one saved it, that is mended and not made twice. */
const FirstChannel = (props: ChannelProps) => {
  const channels = useQuery({
    queryKey: ['channels', 'first'],
    queryFn: async () => (await api.get<Page<Channel>>('/channels')).items,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  return (
    <Loaded query={channels} lines={6}>
      {(items) => {
        const before = items.find(({ enabled, origin }) => enabled && origin === null)
        return <ChannelForm short {...props} {...(before && { channel: before })} />
      }}
    </Loaded>
  )
}
