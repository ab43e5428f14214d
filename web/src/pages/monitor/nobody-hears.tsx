import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useChannels, useRules } from '../../api/queries.ts'
import type { Channel } from '../../api/types.ts'

/** What is chosen for a new monitor before somebody says otherwise: the first channel that sends. */
export const firstChannel = (channels: readonly Channel[]): readonly string[] =>
  channels
    .filter(({ enabled }) => enabled)
    .slice(0, 1)
    .map(({ name }) => name)

/** Rules of this type look at what monitors do, whatever channels these name. */
const MONITOR_EVENTS = 'monitor_state'

interface Props {
  /** Names of the channels that were chosen. */
  readonly chosen: readonly string[]
}

/** Says so where nobody would be told of an outage: no channel that sends is chosen, and no rule looks at monitors. */
export const NobodyHears = ({ chosen }: Props) => {
  const { t } = useTranslation()
  const { data: channels } = useChannels()
  const { data: rules } = useRules()
  if (!channels || !rules) return null
  const told = channels.some(({ name, enabled }) => enabled && chosen.includes(name))
  if (told || rules.some(({ type, enabled }) => enabled && type === MONITOR_EVENTS)) return null
  return (
    <Text role="status" fw={600} mb="xs" c="var(--state-down-text)">
      {t(channels.some(({ enabled }) => enabled) ? 'monitors.nobodyHears' : 'monitors.noChannelYet')}
    </Text>
  )
}
