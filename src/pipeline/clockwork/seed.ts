import type { ChannelSpec } from '#core/message/channel-spec.ts'
import type { RuleSpec } from '#core/rule/rule-spec.ts'
import { RULE_DEFAULTS } from '#core/rule/rule-spec.ts'
import type { Storage } from '#storage/index.ts'

const MINUTE = 60_000

/** The channel and the rules that users of the older security panel know, disabled until somebody wants them. */
const CHANNEL: ChannelSpec = {
  name: 'Email Principal',
  type: 'email',
  description: 'Canal de email principal para alertas de seguridad',
  options: {},
  enabled: false,
}

const text = (title: string, lines: readonly string[], closing: string): string =>
  [title, '', ...lines, '', closing].join('\n')

const RULES: readonly (Pick<RuleSpec, 'name' | 'type' | 'description' | 'conditions' | 'severity' | 'cooldownMs'> & {
  readonly templates: RuleSpec['templates']
})[] = [
  {
    name: 'ML Alta Confianza',
    type: 'ml_prediction',
    description: 'Alertar cuando ML detecta IP maliciosa con confianza > 80%',
    conditions: { ml_confidence: { operator: '>', value: 0.8 } },
    severity: 'HIGH',
    cooldownMs: 30 * MINUTE,
    templates: {
      subject: 'Alerta de Seguridad - ML Deteccion',
      text: text(
        'IP Sospechosa Detectada por Machine Learning',
        ['IP: {{ip}}', 'Confianza: {{confidence}}%', 'País: {{country}}', 'Razón: {{reason}}'],
        'Esta IP ha sido detectada como maliciosa con alta confianza.',
      ),
    },
  },
  {
    name: 'Zeek Port Scan',
    type: 'zeek_detection',
    description: 'Alertar cuando Zeek detecta escaneo de puertos',
    conditions: { detection_type: { operator: '==', value: 'port_scan' } },
    severity: 'HIGH',
    cooldownMs: 15 * MINUTE,
    templates: {
      subject: 'Alerta de Seguridad - Port Scan Detectado',
      text: text(
        'Port Scan Detectado por Zeek',
        ['IP Origen: {{ip}}', 'Puertos Escaneados: {{ports_count}}', 'Protocolo: {{protocol}}'],
        'Un escaneo de puertos ha sido detectado desde esta IP.',
      ),
    },
  },
  {
    name: 'Zeek DNS Tunneling',
    type: 'zeek_detection',
    description: 'Alertar cuando Zeek detecta DNS tunneling',
    conditions: { detection_type: { operator: '==', value: 'dns_tunneling' } },
    severity: 'HIGH',
    cooldownMs: 30 * MINUTE,
    templates: {
      subject: 'Alerta de Seguridad - DNS Tunneling',
      text: text(
        'DNS Tunneling Detectado por Zeek',
        ['IP Origen: {{ip}}', 'Dominios: {{domains_count}}', 'Queries Sospechosas: {{queries}}'],
        'Posible exfiltración de datos vía DNS.',
      ),
    },
  },
  {
    name: 'Zeek Beaconing (C&C)',
    type: 'zeek_detection',
    description: 'Alertar cuando Zeek detecta comunicación con C&C',
    conditions: { detection_type: { operator: '==', value: 'beaconing' } },
    severity: 'CRITICAL',
    cooldownMs: 5 * MINUTE,
    templates: {
      subject: 'CRITICO - Beaconing Detectado (Posible C&C)',
      text: text(
        'ALERTA CRÍTICA: Beaconing Detectado',
        [
          'IP Origen: {{ip}}',
          'IP Destino: {{dest_ip}}',
          'Regularidad: {{regularity}}',
          'Conexiones: {{connection_count | default(connections)}}',
        ],
        'Posible comunicación con servidor Command & Control.\nACCIÓN INMEDIATA REQUERIDA.',
      ),
    },
  },
  {
    name: 'Fail2ban Ban Crítico',
    type: 'fail2ban_ban',
    description: 'Alertar cuando Fail2ban banea IP de país de alto riesgo',
    conditions: { country: { operator: 'in', value: ['CN', 'RU', 'KP', 'IR'] } },
    severity: 'MEDIUM',
    cooldownMs: 60 * MINUTE,
    templates: {
      subject: 'Alerta - IP Baneada por Fail2ban',
      text: text(
        'IP Baneada por Fail2ban',
        ['IP: {{ip}}', 'País: {{country}}', 'Jail: {{jail}}', 'Razón: {{reason}}'],
        'Una IP de país de alto riesgo ha sido baneada.',
      ),
    },
  },
]

/** Stores them once in the life of a data folder: what people delete stays deleted. */
export const seed = async (storage: Storage, now: number): Promise<void> => {
  if (await storage.settings.get<boolean>('seeded')) return
  await storage.transaction(async ({ channels, rules, settings }) => {
    const taken = (await channels.list()).find(({ name }) => name === CHANNEL.name)
    const channelId = taken?.id ?? (await channels.save(CHANNEL, now))
    const names = new Set((await rules.list()).map(({ name }) => name))
    for (const rule of RULES)
      if (!names.has(rule.name))
        await rules.insert({ ...RULE_DEFAULTS, ...rule, channelIds: [channelId], enabled: false }, 'system', now)
    await settings.set('seeded', true)
  })
}
