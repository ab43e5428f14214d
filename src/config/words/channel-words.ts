import { type ChannelSpec, definedFields } from '#core/message/channel-spec.ts'
import { durationText } from '#lib/time/duration.ts'
import type { ChannelEntry } from '../channel-schema.ts'

/** What a file would say of a channel. */
export const channelEntryOf = (channel: ChannelSpec): ChannelEntry => {
  const { name, type, description, options, enabled, language, timeZone, texts, rateLimit, urgent } = channel
  const { group, quiet, fallback } = channel
  return definedFields({
    name,
    type,
    description: description || undefined,
    enabled: enabled ? undefined : false,
    options,
    language,
    time_zone: timeZone,
    texts,
    rate_limit: rateLimit && `${rateLimit.count} per ${durationText(rateLimit.perMs)}`,
    urgent,
    group: group && {
      by: [...group.by],
      wait: durationText(group.waitMs),
      interval: durationText(group.intervalMs),
    },
    quiet: quiet && { ...quiet },
    fallback: fallback && { to: fallback.to, after: durationText(fallback.afterMs) },
  }) as ChannelEntry
}
