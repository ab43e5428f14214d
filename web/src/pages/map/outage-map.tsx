import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { Section } from '../settings/section.tsx'
import { Paper } from './paper.tsx'
import { useMap, useShapes } from './use-map.ts'

const HEIGHT = 320

/** Where an outage is, with what it is reached through and what stands behind it; nothing where it has no place. */
const OutageMap = ({ monitor }: { readonly monitor: number }) => {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const { data: map } = useMap(monitor)
  const { data: shapes } = useShapes(map?.ground)
  if (!map?.focus || (map.tree && map.links.length === 0)) return null
  return (
    <Section title={t('map.outage')} actions={<Link href="/map">{t('map.toMap')}</Link>}>
      <Paper
        map={map}
        shapes={shapes}
        height={HEIGHT}
        onOpen={(node) => node.monitor && go(`/monitors/${node.monitor}`)}
      />
    </Section>
  )
}
export default OutageMap
