import type { Channel, Rule } from '../../api/types.ts'
import { language } from '../../i18n/language.ts'

/** What a new server brings along is a suggestion as long as nobody has touched it. */
const BROUGHT_ALONG = 'system'
const CHANNEL = 'Email Principal'

interface Words {
  readonly name: string
  readonly description: string
}

/** What comes along is written in Spanish; these are the same words for who reads English, by the name. */
const ENGLISH: Readonly<Record<string, Words>> = {
  [CHANNEL]: { name: 'Main mail', description: 'Mail for alerts about security' },
  'ML Alta Confianza': {
    name: 'Predicted attack',
    description: 'Tells of an address that the model takes for an attacker, at more than 80 %',
  },
  'Zeek Port Scan': { name: 'Port scan', description: 'Tells of a port scan that Zeek saw' },
  'Zeek DNS Tunneling': { name: 'DNS tunnel', description: 'Tells of a DNS tunnel that Zeek saw' },
  'Zeek Beaconing (C&C)': { name: 'Beaconing', description: 'Tells of traffic with a command and control server' },
  'Fail2ban Ban Crítico': {
    name: 'Ban from afar',
    description: 'Tells of a ban by fail2ban of an address from certain countries',
  },
}

export const isSuggestedRule = ({ created_by, updated_by, enabled }: Rule): boolean =>
  created_by === BROUGHT_ALONG && (updated_by === null || updated_by === BROUGHT_ALONG) && !enabled

export const isSuggestedChannel = ({ name, enabled, options, origin }: Channel): boolean =>
  name === CHANNEL && !enabled && origin === null && Object.keys(options).length === 0

/** A suggestion in the reader's language. */
export const suggestionWords = ({ name, description }: Words): Words =>
  (language() === 'en' && ENGLISH[name]) || { name, description }

/** What changes when a rule is taken up: its words are the reader's from then on, and messages are ours. */
export const takenUp = (rule: Rule): object =>
  language() === 'en' ? { ...suggestionWords(rule), templates: {}, enabled: true } : { enabled: true }
