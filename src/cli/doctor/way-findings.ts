import { isFault, mailSettings } from '#channels/email/mail-settings.ts'
import type { Config } from '#config/load.ts'
import type { Finding } from '#engine/finding.ts'
import { createProbeTools } from '#engine/tools.ts'
import { systemClock } from '#lib/time/clock.ts'
import { fail2banClientOf } from '#sources/fail2ban/client-of.ts'
import { channelFinding } from './channel-findings.ts'
import { mailFindings, mailRecords } from './mail-findings.ts'
import { sourceFindings } from './source-findings.ts'
import { trialFindings } from './trial-findings.ts'

/** What a channel sends mails as; undefined of another type, and where its settings are faulty, which is said elsewhere. */
const senderOf = ({ name, type, options }: Config['channels'][number], environment: NodeJS.ProcessEnv) => {
  if (type !== 'email') return undefined
  const settings = mailSettings(options as never, environment)
  return isFault(settings) ? undefined : { channel: name, from: settings.from.address, user: settings.user }
}

/**
 * Walks the way of an alert by a configuration: logs that are followed, one harmless event of each kind through the rules, each
 * channel as far as one can go without sending. Asks the network; sends nothing to people.
 */
export const wayFindings = async (
  { channels, monitors, rules, sources }: Config,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
  recordsOf: typeof mailRecords = mailRecords,
): Promise<readonly Finding[]> => {
  const tools = createProbeTools()
  try {
    const findings: Finding[] = [
      ...(await sourceFindings(sources, fail2banClientOf)),
      ...trialFindings({ rules, monitors }, systemClock.now()),
    ]
    if (channels.length === 0)
      findings.push({
        check: 'channels',
        level: 'problem',
        found: 'there is none: nobody is told anything',
        advice: 'write one under channels',
      })
    for (const channel of channels) {
      findings.push(await channelFinding(channel, { environment, tools, signal }))
      const sender = senderOf(channel, environment)
      if (sender) findings.push(...mailFindings(sender, await recordsOf(sender.from.split('@').at(-1)!.toLowerCase())))
    }
    return findings
  } finally {
    tools.close()
  }
}
