import { bilingual } from '../bilingual.ts'

/** The palette: everything by name, and what may be done. */
export const palette = bilingual(
  {
    placeholder: 'Search monitors, alerts, events, pages; or type pause, silence, …',
    empty: 'Nothing fits.',
    verbs: { pause: 'Pause', silence: 'Silence', maintenance: 'Maintenance', edit: 'Edit' },
    newMonitor: 'Add a monitor',
    newList: 'Add a list of monitors',
    bring: 'Bring in what another tool watches',
    newChannel: 'New channel',
    newRule: 'New rule',
    plan: 'Plan maintenance',
    silences: 'Acknowledge or silence alerts',
    openAlert: 'Open alert',
    closedAlert: 'Closed alert',
    channel: 'Channel',
    rule: 'Rule',
    address: 'All about the address',
  },
  {
    placeholder: 'Buscar monitores, alertas, eventos, páginas; o escribir pausar, silenciar, …',
    empty: 'Nada coincide.',
    verbs: { pause: 'Pausar', silence: 'Silenciar', maintenance: 'Mantenimiento', edit: 'Editar' },
    newMonitor: 'Agregar un monitor',
    newList: 'Agregar una lista de monitores',
    bring: 'Traer lo que vigila otra herramienta',
    newChannel: 'Canal nuevo',
    newRule: 'Regla nueva',
    plan: 'Programar mantenimiento',
    silences: 'Atender o silenciar alertas',
    openAlert: 'Alerta abierta',
    closedAlert: 'Alerta cerrada',
    channel: 'Canal',
    rule: 'Regla',
    address: 'Todo sobre la dirección',
  },
)
