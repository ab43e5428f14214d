import type { PortProblem } from '#core/port/port-state.ts'
import { RULE_DEFAULTS, type RuleSpec, recommendedCooldown } from '#core/rule/rule-spec.ts'
import type { Storage } from '#storage/index.ts'

const RULES: readonly { readonly problem: PortProblem; readonly name: string; readonly description: string }[] = [
  {
    problem: 'syn_flood',
    name: 'Port: SYN flood',
    description: 'Half-open connections rise far above what is usual for the port',
  },
  {
    problem: 'close_wait_leak',
    name: 'Port: CLOSE_WAIT leak',
    description: 'A program does not close connections that the far end has closed',
  },
  {
    problem: 'time_wait_exhaustion',
    name: 'Port: TIME_WAIT exhaustion',
    description:
      'Closed connections to one port elsewhere take up the local port range; needs remote: true of the ports',
  },
  {
    problem: 'listener_gone',
    name: 'Port: listener gone',
    description: 'Nothing listens any more on a port on which something did',
  },
  {
    problem: 'accept_queue_overflow',
    name: 'Port: accept queue overflows',
    description: 'A program accepts too slowly: the kernel drops new connections',
  },
]

const ruleOf = ({ problem, name, description }: (typeof RULES)[number]): RuleSpec => ({
  ...RULE_DEFAULTS,
  name,
  description,
  type: 'port_state',
  conditions: { problem: { operator: '==', value: problem } },
  cooldownMs: recommendedCooldown('port_state'),
  notifyRecovery: true,
  resolveAfterMs: null,
  enabled: false,
})

/**
 * Stores the ready-made rules on ports, disabled, the first time that ports are watched: what people delete stays
 * deleted. True when it stored any.
 */
export const seedPortRules = async (storage: Storage, now: number): Promise<boolean> => {
  if (await storage.settings.get<boolean>('seeded_ports')) return false
  await storage.transaction(async ({ rules, settings }) => {
    const names = new Set((await rules.list()).map(({ name }) => name))
    for (const rule of RULES) if (!names.has(rule.name)) await rules.insert(ruleOf(rule), 'system', now)
    await settings.set('seeded_ports', true)
  })
  return true
}
