import { bilingual } from '../bilingual.ts'

/** Notifications of a browser. */
export const push = bilingual(
  {
    here: 'Subscribe this browser',
    hint: 'Fills in the fields below for the browser in which you are now. It shows alerts also while no page is open.',
    done: 'This browser is subscribed: save the channel.',
    insecure: 'A browser takes notifications only from a page over HTTPS, or on this machine itself (localhost).',
    unknown: 'This browser knows no notifications of this kind.',
    denied: 'The browser does not allow notifications of this page; allow them beside its address.',
    failed: 'The push service of this browser cannot be reached.',
  },
  {
    here: 'Suscribir este navegador',
    hint: 'Completa los campos siguientes con los del navegador que usa ahora. Muestra las alertas aunque no haya ninguna página abierta.',
    done: 'Este navegador está suscrito: guarde el canal.',
    insecure: 'Un navegador solo acepta notificaciones de una página por HTTPS, o en este mismo equipo (localhost).',
    unknown: 'Este navegador no conoce notificaciones de este tipo.',
    denied: 'El navegador no permite notificaciones de esta página; permítalas junto a su dirección.',
    failed: 'No se llega al servicio de avisos de este navegador.',
  },
)
