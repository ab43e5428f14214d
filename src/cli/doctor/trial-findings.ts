import type { Config } from '#config/load.ts'
import type { NewEvent } from '#core/event/event.ts'
import type { Finding } from '#engine/finding.ts'
import { createRuleReplay } from '../replay-rules.ts'

type Trial = Pick<NewEvent, 'type' | 'severity' | 'subject' | 'data'> & { readonly what: string }

/** One harmless event of each kind; addresses of documentation (RFC 5737). */
const TRIALS: readonly Trial[] = [
  {
    what: 'monitor',
    type: 'monitor_state',
    severity: 'HIGH',
    subject: 'doctor',
    data: { monitor: 'doctor', state: 'down', previous_state: 'up' },
  },
  {
    what: 'Zeek',
    type: 'zeek_detection',
    severity: 'HIGH',
    subject: '203.0.113.9',
    data: { detection: 'port_scan', source_ip: '203.0.113.9', confidence: 95 },
  },
  {
    what: 'fail2ban',
    type: 'fail2ban_ban',
    severity: 'MEDIUM',
    subject: '203.0.113.9',
    data: { ip: '203.0.113.9', jail: 'sshd', failures: 5, bantime: 600 },
  },
  {
    what: 'classifier',
    type: 'ml_prediction',
    severity: 'HIGH',
    subject: '203.0.113.9',
    data: { ip: '203.0.113.9', source_ip: '203.0.113.9', prediction: 'attack', label: 'attack', confidence: 0.97 },
  },
]

/** Who would be told of one harmless event of each kind, by the rules of a file and, of a monitor, by its own channels. */
export const trialFindings = (
  { rules, monitors }: Pick<Config, 'rules' | 'monitors'>,
  now: number,
): readonly Finding[] => {
  const replay = createRuleReplay(
    rules
      .filter(({ enabled }) => enabled)
      .map(({ channels, ...spec }) => ({ spec: { ...spec, channelIds: [] }, channels })),
  )
  const heard = monitors.some(({ channels }) => channels.length > 0)
  const unheard = monitors.filter(({ channels }) => channels.length === 0).length
  return TRIALS.map(({ what, ...trial }) => {
    const check = `event of ${what}`
    const told = replay.judge({ ...trial, source: 'doctor', at: now, receivedAt: now, monitorId: null })
    const words = told.map(({ rule, channels }) => `rule ${rule} tells ${channels.join(', ') || 'nobody'}`)
    if (what === 'monitor' && heard) words.push('each monitor tells its own channels')
    if (words.length === 0)
      return {
        check,
        level: 'warning',
        found: `a ${trial.type} of severity ${trial.severity} would be told to nobody`,
        advice:
          what === 'monitor'
            ? 'give monitors channels, or defaults.channels'
            : 'where that is not meant: a rule of this type',
      }
    const some = what === 'monitor' && unheard > 0 ? `; nobody hears of ${unheard} of ${monitors.length} by itself` : ''
    return { check, level: 'ok', found: words.join('; ') + some }
  })
}
