/** What the demonstration says around the messages, in their language. */
export const demoWords = {
  en: {
    watches: 'Vigía watches three targets on this machine',
    shop: 'The shop',
    rack: 'Rack 2',
    breaks: 'The shop stops answering',
    repaired: 'The shop is repaired',
    mail: 'The mail as it was received:',
    webhook: 'The webhook:',
    done: (seconds: string) => `Done in ${seconds} s: one mail for the outage, one for the recovery.`,
    own: 'Your own network: npx vigia watch HOST --notify mailto:YOU --smtp smtp://USER:PASSWORD@MAIL:587',
  },
  es: {
    watches: 'Vigía vigila tres destinos en este equipo',
    shop: 'La tienda',
    rack: 'Rack 2',
    breaks: 'La tienda deja de responder',
    repaired: 'La tienda vuelve a funcionar',
    mail: 'El correo tal como llegó:',
    webhook: 'El webhook:',
    done: (seconds: string) => `Listo en ${seconds} s: un correo por el corte, uno por la recuperación.`,
    own: 'Su propia red: npx vigia watch EQUIPO --language es --notify mailto:USTED --smtp smtp://USUARIO:CLAVE@CORREO:587',
  },
} as const
