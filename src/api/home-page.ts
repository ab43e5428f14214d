import type { Severity } from '#core/event/severity.ts'
import type { Language } from '#core/message/message.ts'
import type { State } from '#core/monitor/monitor.ts'
import { escapeHtml } from '#lib/text/html.ts'
import { type ShownCause, shownCause } from '#templates/cause.ts'

/** A line of the page. Times in ms since the epoch. */
export interface HomeMonitor extends ShownCause {
  readonly name: string
  readonly type: string
  readonly target: string
  readonly state: State
  /** Null before the first verdict. */
  readonly since: number | null
  readonly latencyMs: number | null
  readonly paused: boolean
}

interface HomeAlert extends ShownCause {
  readonly id: number
  readonly subject: string
  readonly severity: Severity
  readonly since: number
}

export interface HomeContent {
  readonly monitors: readonly HomeMonitor[]
  readonly alerts: readonly HomeAlert[]
  readonly language: Language
  readonly timeZone: string
  readonly now: number
  /** Who is signed in. */
  readonly user?: string | undefined
}

const TEXTS = {
  en: {
    title: 'Vigía',
    states: { up: 'Up', degraded: 'Degraded', down: 'Down', unknown: 'Unknown' },
    paused: 'Paused',
    alerts: 'Open alerts',
    noAlerts: 'No open alerts.',
    monitors: 'Monitors',
    noMonitors: 'No monitors yet. Name some in vigia.yaml, or try: npx vigia watch HOST',
    head: ['State', 'Name', 'Target', 'Since', 'Latency', 'Cause'],
    alertHead: ['Severity', 'Subject', 'Since', 'Cause'],
    updated: 'Updated',
    signOut: 'Sign out',
    notBuilt:
      'This is the plain page. The dashboard is not built yet: run npm run build:web in the folder of the program and start the server again.',
  },
  es: {
    title: 'Vigía',
    states: { up: 'Arriba', degraded: 'Degradado', down: 'Caído', unknown: 'Sin datos' },
    paused: 'En pausa',
    alerts: 'Alertas abiertas',
    noAlerts: 'No hay alertas abiertas.',
    monitors: 'Monitores',
    noMonitors: 'Todavía no hay monitores. Anote algunos en vigia.yaml, o pruebe: npx vigia watch EQUIPO',
    head: ['Estado', 'Nombre', 'Destino', 'Desde', 'Latencia', 'Causa'],
    alertHead: ['Severidad', 'Sobre', 'Desde', 'Causa'],
    updated: 'Actualizado',
    signOut: 'Cerrar sesión',
    notBuilt:
      'Esta es la página simple. El panel todavía no está construido: ejecute npm run build:web en la carpeta del programa y reinicie el servidor.',
  },
} as const

const STYLE = `
:root { color-scheme: light dark; --line: #d7dde3; --quiet: #5b6672; --up: #047857; --degraded: #b45309; --down: #b91c1c; --unknown: #5b6672 }
@media (prefers-color-scheme: dark) { :root { --line: #333c46; --quiet: #9aa6b2; --up: #34d399; --degraded: #fbbf24; --down: #f87171; --unknown: #9aa6b2 } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1.5rem }
h1 { font-size: 1.4rem; margin: 0 } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem }
header { display: flex; gap: 1rem; align-items: baseline; flex-wrap: wrap } .quiet { color: var(--quiet) }
.table { overflow-x: auto } table { border-collapse: collapse; width: 100% } th { text-align: left; font-weight: 600; color: var(--quiet) }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top } td { overflow-wrap: anywhere }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.up { color: var(--up) } .degraded { color: var(--degraded) } .down { color: var(--down); font-weight: 600 } .unknown { color: var(--unknown) }
form { margin-left: auto } button { font: inherit; cursor: pointer }
`

const ORDER: readonly State[] = ['down', 'degraded', 'unknown', 'up']

const cell = (text: string, kind = ''): string => `<td${kind && ` class="${kind}"`}>${escapeHtml(text)}</td>`

const table = (head: readonly string[], rows: readonly string[]): string =>
  `<div class="table"><table><thead><tr>${head.map((text) => `<th scope="col">${text}</th>`).join('')}</tr></thead>` +
  `<tbody>${rows.map((row) => `<tr>${row}</tr>`).join('')}</tbody></table></div>`

/** The page that lists open alerts and monitors, worst first. Complete HTML without scripts; reloads each 10 s. */
export const homePage = ({ monitors, alerts, language, timeZone, now, user }: HomeContent): string => {
  const texts = TEXTS[language]
  const time = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', timeZone })
  const latency = (ms: number | null) => (ms === null ? '' : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`)
  const sorted = monitors.toSorted(
    (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.name.localeCompare(b.name, language),
  )
  const counts = ORDER.map((state) => ({ state, count: monitors.filter((monitor) => monitor.state === state).length }))
  const summary = counts
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `<span class="${state}">${count} ${texts.states[state].toLowerCase()}</span>`)
    .join(' · ')
  const alertRows = alerts.map(
    (alert) =>
      cell(alert.severity) + cell(alert.subject) + cell(time.format(alert.since)) + cell(shownCause(alert, language)),
  )
  const monitorRows = sorted.map(
    (monitor) =>
      cell(monitor.paused ? texts.paused : texts.states[monitor.state], monitor.paused ? 'quiet' : monitor.state) +
      cell(monitor.name) +
      cell(`${monitor.target} (${monitor.type})`) +
      cell(monitor.since === null ? '' : time.format(monitor.since)) +
      cell(latency(monitor.latencyMs), 'number') +
      cell(shownCause(monitor, language)),
  )
  const signOut =
    user === undefined
      ? ''
      : `<form method="post" action="/sign-out"><span>${escapeHtml(user)}</span> <button>${texts.signOut}</button></form>`
  return (
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${texts.title}</title>` +
    `<meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="10">` +
    `<style>${STYLE}</style></head><body><header><h1>${texts.title}</h1><span>${summary}</span>` +
    `<span class="quiet">${texts.updated} ${escapeHtml(time.format(now))}</span>${signOut}</header><main><p class="quiet">${texts.notBuilt}</p>` +
    `<h2>${texts.alerts}</h2>${alerts.length > 0 ? table(texts.alertHead, alertRows) : `<p class="quiet">${texts.noAlerts}</p>`}` +
    `<h2>${texts.monitors}</h2>${monitors.length > 0 ? table(texts.head, monitorRows) : `<p class="quiet">${texts.noMonitors}</p>`}` +
    `</main></body></html>`
  )
}
