import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Facts } from '../../components/facts.tsx'
import { Moment } from '../../components/time.tsx'
import { number } from '../../lib/format.ts'
import { countryName } from './country-name.ts'
import { Section } from './section.tsx'
import type { KnownAddress } from './types.ts'

/** Where it is, whose it is, and since when it is known. */
export const AddressFacts = ({ known }: { readonly known: KnownAddress }) => {
  const { t } = useTranslation()
  const { country, owner, asn, address_facts: facts, monitor, network, first_seen, last_seen, events } = known
  const unknown = (has: boolean) => (
    <span className="quiet">
      {t('addresses.unknownPlace')}
      {has && ` (${t('addresses.noPlaceHere')})`}
    </span>
  )
  const holder = [owner?.slice(0, 200), asn !== null && `AS${asn}`].filter(Boolean).join(' · ')
  return (
    <Section title={t('words.details')}>
      <Facts
        facts={[
          [t('addresses.country'), country ? countryName(country) : unknown(facts.country)],
          [t('addresses.owner'), holder || unknown(facts.owner)],
          [t('addresses.network'), network],
          [t('addresses.monitor'), monitor && <Link href={`/monitors/${monitor.id}`}>{monitor.name}</Link>],
          [t('addresses.firstSeen'), first_seen && <Moment at={first_seen} />],
          [t('addresses.lastSeen'), last_seen && <Moment at={last_seen} />],
          [t('addresses.events'), events > 0 && number(events)],
        ]}
      />
      {((!country && !facts.country) || (holder === '' && !facts.owner)) && (
        <Text size="sm" className="quiet" mt="xs">
          {t('addresses.whereFrom')}
        </Text>
      )}
    </Section>
  )
}
