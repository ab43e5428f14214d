import { Button, Card, Group, NativeSelect, SimpleGrid, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { ApiError } from '../../api/client.ts'
import { Icon } from '../../components/icon.tsx'
import { Empty, Loaded, PageHead } from '../../components/page.tsx'
import { SeverityText } from '../../components/state.tsx'
import { Ago } from '../../components/time.tsx'
import { addTexts } from '../../i18n/index.ts'
import { addresses } from '../../i18n/texts/addresses.ts'
import { places } from '../../i18n/texts/places.ts'
import { dayTime } from '../../lib/format.ts'
import { useUrlState } from '../../lib/url-state.ts'
import { AddressActs } from './address-acts.tsx'
import { AddressAlerts } from './address-alerts.tsx'
import { AddressBans } from './address-bans.tsx'
import { LatestEvents } from './address-events.tsx'
import { AddressFacts } from './address-facts.tsx'
import { Found } from './address-found.tsx'
import { AddressMarks } from './address-marks.tsx'
import { Targets } from './address-targets.tsx'
import { LookUp } from './look-up.tsx'
import classes from './security.module.css'
import type { KnownAddress } from './types.ts'
import { useKnownAddress } from './use-address.ts'
import { WhoElse } from './who-else.tsx'

addTexts('addresses', addresses)
addTexts('places', places)

const RANGES = [1, 7, 30, 90, 365] as const
const STANDARD = '30'
const MOST_SHOWN = 100

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** All that is known of one address, and what may be done about it. `written`: as it stands in the page's own address. */
const AddressPage = ({ written }: { readonly written: string }) => {
  const { t } = useTranslation()
  const address = decoded(written)
  const [chosen, choose] = useUrlState('days', STANDARD)
  const days = RANGES.find((one) => String(one) === chosen) ?? Number(STANDARD)
  const known = useKnownAddress(address, days)
  if (known.error instanceof ApiError && known.error.code === 'invalid_input') return <NoAddress text={address} />
  const range = (
    <NativeSelect
      size="sm"
      aria-label={t('addresses.range')}
      data={RANGES.map((count) => ({ value: String(count), label: t('addresses.days', { count }) }))}
      value={String(days)}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
    />
  )
  return (
    <Loaded query={known} lines={8}>
      {(data) => <Shown known={data} days={days} range={range} />}
    </Loaded>
  )
}
export default AddressPage

const NoAddress = ({ text }: { readonly text: string }) => {
  const { t } = useTranslation()
  return (
    <>
      <PageHead title={text.slice(0, MOST_SHOWN)} />
      <Card>
        <Empty title={t('addresses.notAddress')} action={<LookUp />}>
          {t('addresses.notAddressHint')}
        </Empty>
      </Card>
    </>
  )
}

interface ShownProps {
  readonly known: KnownAddress
  readonly days: number
  readonly range: ReactNode
}

const Shown = ({ known, days, range }: ShownProps) => {
  const { t } = useTranslation()
  const { address, severity, last_seen: last, alerts, bans, events } = known
  const isKnown = events + alerts.length + bans.current.length > 0
  return (
    <>
      <PageHead
        title={address}
        beside={
          <>
            {severity && <SeverityText severity={severity} />}
            <AddressMarks banned={bans.current} ignored={known.ignored} />
          </>
        }
        below={
          <Group gap="xs" className="quiet" fz="sm">
            <Link href="/security">{t('places.security')}</Link>
            {last && (
              <>
                <span aria-hidden="true">·</span>
                <span>
                  {t('addresses.seen')} <Ago at={last} />
                </span>
              </>
            )}
          </Group>
        }
        actions={
          <>
            {range}
            <AddressActs known={known} />
          </>
        }
      />
      {!known.complete && (
        <Text size="sm" className="quiet" mb="sm">
          {t('addresses.notAll', { time: dayTime(known.looked_back_to) })}
        </Text>
      )}
      {isKnown ? (
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Stack>
            <AddressAlerts alerts={alerts} />
            <Found known={known} />
          </Stack>
          <Stack>
            <AddressFacts known={known} />
            <AddressBans known={known} />
            <Targets known={known} />
          </Stack>
          <div className={classes.wide}>
            <Stack>
              <WhoElse key={`${address} ${days}`} known={known} days={days} />
              <LatestEvents known={known} />
            </Stack>
          </div>
        </SimpleGrid>
      ) : (
        <Stack>
          <Card>
            <Empty
              title={t('addresses.neverSeen')}
              action={
                <Button variant="default" component={Link} href="/security" leftSection={<Icon name="security" />}>
                  {t('addresses.mostSeen')}
                </Button>
              }
            >
              {t('addresses.neverSeenHint', { time: dayTime(known.from) })}
            </Empty>
          </Card>
          <SimpleGrid cols={{ base: 1, lg: 2 }}>
            <AddressFacts known={known} />
            <WhoElse key={`${address} ${days}`} known={known} days={days} />
          </SimpleGrid>
        </Stack>
      )}
    </>
  )
}
