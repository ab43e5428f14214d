import { channelTypes } from '#channels/index.ts'
import type { Channel } from '#core/message/channel-spec.ts'

/** True for a channel that people read; machines read the others. */
export const isForPeople = ({ type }: Pick<Channel, 'type'>): boolean => channelTypes.get(type)?.audience === 'people'
