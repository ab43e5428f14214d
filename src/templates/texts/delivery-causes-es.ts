/** What channels say of a delivery that failed, in Spanish. `*` stands for a fact; in the order in which they are tried. */
const DELIVERY_PHRASES: readonly (readonly [english: string, spanish: string])[] = [
  ['* was refused: *', '$1 fue rechazado: $2'],
  [
    '* offers no encryption, and a password is never sent in clear.',
    '$1 no ofrece cifrado, y una contraseña nunca se envía en claro.',
  ],
  ['* answered *: it redirects to *, which is not followed.', '$1 respondió $2: redirige a $3, y no se sigue.'],
  ['* did not answer within * ms.', '$1 no respondió en $2 ms.'],
  ['The address is not an http or https URL.', 'La dirección no es una URL http o https.'],
  ['An earlier message waits for them.', 'Un mensaje anterior todavía los espera.'],
  ['* refused the connection.', '$1 rechazó la conexión.'],
  ['There is no way to *: host unreachable.', 'No hay camino a $1: equipo inalcanzable.'],
  ['There is no way to *: network unreachable.', 'No hay camino a $1: red inalcanzable.'],
  ['* did not answer in time.', '$1 no respondió a tiempo.'],
  ['The name of * was not found.', 'El nombre de $1 no existe.'],
  ['The name of * could not be looked up now.', 'El nombre de $1 no se pudo resolver ahora.'],
  [
    'The name of * could not be looked up: the resolver does not answer.',
    'El nombre de $1 no se pudo resolver: el servidor DNS no responde.',
  ],
  ['The name of * could not be looked up.', 'El nombre de $1 no se pudo resolver.'],
  ['The TLS handshake with * failed (*).', 'Falló la negociación TLS con $1 ($2).'],
  ['The TLS handshake with * failed.', 'Falló la negociación TLS con $1.'],
  ['The certificate of * has expired.', 'El certificado de $1 está vencido.'],
  ['The certificate of * is not valid yet.', 'El certificado de $1 todavía no es válido.'],
  ['The certificate of * was revoked.', 'El certificado de $1 fue revocado.'],
  ['The certificate of * is self-signed.', 'El certificado de $1 está firmado por sí mismo.'],
  [
    'The certificate of * is signed by a private authority.',
    'El certificado de $1 está firmado por una autoridad privada.',
  ],
  [
    'The certificate of * comes without the authority that signed it.',
    'El certificado de $1 viene sin la autoridad que lo firmó.',
  ],
  [
    'The certificate of * is signed by an authority that this machine does not know.',
    'El certificado de $1 está firmado por una autoridad que este equipo no conoce.',
  ],
  ['The certificate of * is for another name.', 'El certificado de $1 es de otro nombre.'],
  ['A header holds a character that HTTP does not allow.', 'Un encabezado tiene un carácter que HTTP no permite.'],
  ['A header has a name that HTTP does not allow.', 'Un encabezado tiene un nombre que HTTP no permite.'],
  [
    'The login in the URL is not written as URLs ask: % is %25.',
    'El usuario y la contraseña de la URL no están escritos como pide una URL: % es %25.',
  ],
  ['This server has too many open files to send.', 'Vigía tiene demasiados archivos abiertos para enviar.'],
  ['* did not answer in HTTP.', '$1 no respondió en HTTP.'],
  ['* closed the connection.', '$1 cerró la conexión.'],
  ['Sending was stopped before it was finished.', 'El envío se detuvo antes de terminar.'],
  [
    'Status *, but the answer is a web page, not one of *.',
    'Estado $1, pero la respuesta es una página web y no la de $2.',
  ],
  ['Status *, but the answer is nothing, not one of *.', 'Estado $1, pero la respuesta está vacía y no es la de $2.'],
  [
    'Status *, but the answer is something else, not one of *.',
    'Estado $1, pero la respuesta es otra cosa y no la de $2.',
  ],
  [
    'Status *, but the answer does not contain what is expected.',
    'Estado $1, pero la respuesta no contiene lo esperado.',
  ],

  ['Discord does not know this webhook.', 'Discord no conoce este webhook.'],
  ['Slack does not take the token: *.', 'Slack no acepta el token: $1.'],
  ['The Slack app may not post messages.', 'La aplicación de Slack no tiene permiso para publicar mensajes.'],
  [
    'Slack does not know the channel, or the app cannot see it.',
    'Slack no conoce el canal, o la aplicación no puede verlo.',
  ],
  ['The Slack app is not in the channel.', 'La aplicación de Slack no está en el canal.'],
  ['The Slack channel is archived.', 'El canal de Slack está archivado.'],
  ['Slack asks to wait.', 'Slack pide esperar.'],
  ['Slack says: *.', 'Slack dice: $1.'],
  ['Slack does not know this webhook.', 'Slack no conoce este webhook.'],
  ['Slack has disabled this webhook.', 'Slack desactivó este webhook.'],
  ['Slack does not know the workspace of this webhook.', 'Slack no conoce el espacio de trabajo de este webhook.'],
  ['The channel of this webhook is gone.', 'El canal de este webhook ya no existe.'],
  ['The channel of this webhook is archived.', 'El canal de este webhook está archivado.'],
  [
    'The Slack workspace does not allow this webhook to post.',
    'El espacio de trabajo de Slack no permite que este webhook publique.',
  ],
  ['Neither webhook_url nor bot_token is given.', 'Falta webhook_url o bot_token.'],
  ['Telegram says: *.', 'Telegram dice: $1.'],
  ['Telegram says that it did not work, and not why.', 'Telegram dice que no funcionó, sin decir por qué.'],

  ['The server wants encryption: *', 'El servidor exige cifrado: $1'],
  ['The login was refused: *', 'Se rechazó el inicio de sesión: $1'],
  ['The server cannot check the login now: *', 'El servidor no puede comprobar ahora el inicio de sesión: $1'],
  ['The server asks for a login: *', 'El servidor exige iniciar sesión: $1'],
  ['The receiver does not trust the sender: *', 'El destino no confía en el remitente: $1'],
  ['The server asks to come back later (greylisting): *', 'El servidor pide volver más tarde (listas grises): $1'],
  ['The server takes no more mail now: *', 'El servidor no acepta más correo por ahora: $1'],
  ['The account may send no more mail now: *', 'La cuenta no puede enviar más correo por ahora: $1'],
  ["The recipient's mailbox is full: *", 'El buzón del destinatario está lleno: $1'],
  ['The server does not pass mail on for this machine: *', 'El servidor no retransmite correo de este equipo: $1'],
  ['The server does not accept * as sender: *', 'El servidor no acepta a $1 como remitente: $2'],
  ['The server takes this for spam: *', 'El servidor toma esto por correo basura: $1'],
  ['No recipient was accepted: *', 'No se aceptó ningún destinatario: $1'],
  ['No recipient is accepted now: *', 'Por ahora no se acepta ningún destinatario: $1'],
  ['STARTTLS failed: *', 'STARTTLS falló: $1'],
  ['The server answered: *', 'El servidor respondió: $1'],
  ['The server turned the connection away: *', 'El servidor rechazó la conexión: $1'],
  ['The server refused the mail: *', 'El servidor rechazó el correo: $1'],
  ['The server cannot take the mail now: *', 'El servidor no puede aceptar el correo ahora: $1'],
  ['* does not begin with TLS.', '$1 no comienza con TLS.'],
  ['* does not answer as a mail server.', '$1 no responde como servidor de correo.'],
  ['The mail cannot be sent through *: *.', 'El correo no se puede enviar por $1: $2.'],
  ['* answered *.', '$1 respondió $2.'],
]

/** A sentence of a channel as its fixed words with facts between them, and the same in Spanish: `$1` is the first fact. */
export interface DeliveryPhrase {
  readonly pattern: RegExp
  readonly means: string
}

const patternOf = (english: string): RegExp =>
  new RegExp(`^${english.split('*').map(RegExp.escape).join('(.{1,300}?)')}$`)

export const deliveryPhrases: readonly DeliveryPhrase[] = DELIVERY_PHRASES.map(([english, means]) => ({
  pattern: patternOf(english),
  means,
}))

/** Channels say no more than this; what is longer is not worth the search. */
const LONGEST = 600

/** What any of them may end with. */
const TRIED_BY_LAST_KNOWN = /^(.*) It was tried by the last known address of (.+)\.$/

/** One recipient after the other, each with the server's own words. */
const EACH_REFUSED = /; (?=\S+@\S+ was refused: )/

/** Some recipients of a mail have not got it: who, why, and who has. */
const NOT_YET = /^Not with (.+?) yet: (.*?[.])(?: (\S.*) (?:has|have) it[.])?$/

const notYet = ([, who, why, had]: RegExpExecArray): string =>
  `Todavía sin entregar a ${who}: ${spanishDelivery(why!) ?? why}${had ? ` Ya lo tiene: ${had}.` : ''}`

/** A sentence of a channel in Spanish; undefined when it is none that is known. */
export const spanishDelivery = (english: string): string | undefined => {
  if (english.length > LONGEST) return undefined
  const [, tried, hosts] = TRIED_BY_LAST_KNOWN.exec(english) ?? []
  if (tried !== undefined)
    return `${spanishDelivery(tried) ?? tried} Se intentó por la última dirección conocida de ${hosts}.`
  const refused = english.split(EACH_REFUSED)
  if (refused.length > 1) return refused.map((one) => spanishDelivery(one) ?? one).join('; ')
  const waiting = NOT_YET.exec(english)
  if (waiting) return notYet(waiting)
  const phrase = deliveryPhrases.find(({ pattern }) => pattern.test(english))
  return phrase && english.replace(phrase.pattern, phrase.means)
}
