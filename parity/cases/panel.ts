import { cases } from '../case.ts'

const SUBJECTS = [
  'Alerta de Seguridad - ML Deteccion',
  'Alerta de Seguridad - Port Scan Detectado',
  'CRITICO - Beaconing Detectado (Posible C&C)',
  'Alerta - IP Baneada por Fail2ban',
  '[{{ severity }}] {{ ip }}',
  'Escaneo desde {{ ip }}',
]

const MESSAGES = [
  'IP Sospechosa Detectada por Machine Learning\n\nIP: {{ip}}\nConfianza: {{confidence}}%\nPaís: {{country}}\nRazón: {{reason}}\n\nEsta IP ha sido detectada como maliciosa con alta confianza.',
  'Port Scan Detectado por Zeek\n\nIP Origen: {{ip}}\nPuertos Escaneados: {{ports_count}}\nProtocolo: {{protocol}}\n\nUn escaneo de puertos ha sido detectado desde esta IP.\n',
  'DNS Tunneling Detectado por Zeek\n\nIP Origen: {{ip}}\nDominios: {{domains_count}}\nQueries Sospechosas: {{queries}}\n\nPosible exfiltración de datos vía DNS.',
  'ALERTA CRÍTICA: Beaconing Detectado\n\nIP Origen: {{ip}}\nIP Destino: {{dest_ip}}\nRegularidad: {{regularity}}\nConexiones: {{connections}}\n\nPosible comunicación con servidor Command & Control.\nACCIÓN INMEDIATA REQUERIDA.',
  'IP Baneada por Fail2ban\n\nIP: {{ip}}\nPaís: {{country}}\nJail: {{jail}}\nRazón: {{reason}}\n\nUna IP de país de alto riesgo ha sido baneada.',
  '{{ severity|lower|capitalize }}: {{ ip|default("?") }} ({{ country or "país desconocido" }})\n{% for port in ports[:10] %}- {{ port }}\n{% endfor %}{% if ports|length > 10 %}y {{ ports|length - 10 }} más{% endif %}',
  '{% set nivel = {"LOW": "🟢", "HIGH": "🔴"} %}{{ nivel[severity] }} {{ nivel.get(severity, "⚪") }} {{ nivel.get("X", "⚪") }}',
  '{{ "%.1f"|format(confidence) }} % {{ "%s:%s" % (ip, ports[0]) }} {{ "{:.1f}".format(rssi) }} dBm {{ labels.get("k", "v") }}',
  '{{ at[:19]|replace("T", " ") }} UTC\n{{ message|default("sin mensaje", true)|truncate(40) }}\n{{ details|default({})|tojson }}',
  '{%- if confidence >= 90 -%}CRÍTICO{%- elif confidence >= 80 -%}ALTO{%- else -%}BAJO{%- endif %} {{ confidence|round|int }}%',
]

const EVENTS = [
  undefined,
  {
    ip: '198.51.100.9',
    severity: 'CRITICAL',
    confidence: 95.5,
    country: 'AR',
    reason: 'Múltiples intentos',
    ports: [],
    at: '2026-11-21T06:12:04.000Z',
    rssi: -70,
    labels: { k: 'w' },
    message: 'x'.repeat(60),
    jail: 'sshd',
    queries: ['a.example', 'b.example'],
    regularity: 0.97,
    connections: 120,
    details: { b: 1, a: [true, null] },
  },
  {
    ip: null,
    severity: 'LOW',
    confidence: 0,
    country: null,
    reason: null,
    ports: [22],
    at: '',
    rssi: 0.05,
    labels: {},
    message: '',
    ports_count: 60,
    protocol: 'tcp',
    domains_count: 12.5,
    dest_ip: '192.0.2.1',
    connections: null,
  },
] as const

/** The older panel's own templates, and such as its users write. */
export const panel = EVENTS.flatMap((facts) => cases([...SUBJECTS, ...MESSAGES], facts && { facts }))
