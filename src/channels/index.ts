import type { ChannelType } from '#core/channel.ts'
import { alertmanager } from './alertmanager.ts'
import { discord } from './discord.ts'
import { duty } from './duty.ts'
import { email } from './email/email.ts'
import { slack } from './slack/slack.ts'
import { telegram } from './telegram/telegram.ts'
import { webPush } from './web-push/web-push.ts'
import { webhook } from './webhook.ts'

const types: readonly ChannelType[] = [email, slack, telegram, discord, webhook, alertmanager, duty, webPush]

/** Every channel type by its name: the only list. */
export const channelTypes: ReadonlyMap<string, ChannelType> = new Map(types.map((type) => [type.name, type]))
