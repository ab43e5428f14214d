import { DELIVERY_PHRASES } from './delivery-causes-es.ts'
import type { Phrase } from './texts.ts'

/**
 * What probes say of a failure, in Spanish: their sentences are facts in English, stored as they were said. `*` stands
 * for a fact, which stays as it is. In the order in which they are tried.
 */
const PHRASES: readonly (readonly [english: string, spanish: string])[] = [
  ['0 of * pings to * were answered', '0 de $1 pings a $2 con respuesta'],
  [
    '0 of * pings to * were answered; * says that the time to live ran out',
    '0 de $1 pings a $2 con respuesta; $3 dice que los paquetes dan vueltas (TTL agotado)',
  ],
  [
    '0 of * pings to * were answered; this machine says that the host is unreachable',
    '0 de $1 pings a $2 con respuesta; este equipo dice que el equipo es inalcanzable',
  ],
  [
    '0 of * pings to * were answered; * says that the host is unreachable',
    '0 de $1 pings a $2 con respuesta; $3 dice que el equipo es inalcanzable',
  ],
  ['* cannot be pinged: it is *', '$1 no se puede sondear con ping: es $2'],
  ['no network interface of this machine has a link (*)', 'ninguna interfaz de red de este equipo tiene enlace ($1)'],
  ['this server stood still for * s meanwhile: *', 'este servidor estuvo detenido $1 s entretanto: $2'],
  ['this server stood still for * s meanwhile', 'este servidor estuvo detenido $1 s entretanto'],
  ['* loss over * (* of * packets)', '$1 de pérdida en $2 ($3 de $4 paquetes)'],
  [
    '95 in 100 answers within * ms over * (* answers)',
    '95 de cada 100 respuestas en $1 ms o menos, en $2 ($3 respuestas)',
  ],
  ['jitter of * ms over * (* answers)', 'jitter de $1 ms en $2 ($3 respuestas)'],
  ['answered in * ms, slow from * ms on', 'respondió en $1 ms; lento desde $2 ms'],

  ['called every *', 'se llama cada $1'],

  ['connection to * refused', 'conexión a $1 rechazada'],
  ['connection to * reset by the other side', 'conexión a $1 cortada por el otro lado'],
  ['connection to * impossible: the host is unreachable', 'conexión a $1 imposible: el equipo es inalcanzable'],
  ['connection to * impossible: there is no route to that network', 'conexión a $1 imposible: no hay ruta a esa red'],
  ['connection to * not answered', 'conexión a $1 sin respuesta'],
  ['connection to * not answered in time', 'conexión a $1 sin respuesta a tiempo'],
  ['connection to * not answered within * ms', 'conexión a $1 sin respuesta en $2 ms'],
  ['connection to * not permitted on this machine', 'conexión a $1 no permitida en este equipo'],
  [
    'connection to * not permitted by a firewall on this machine',
    'conexión a $1 no permitida por un cortafuegos de este equipo',
  ],
  [
    'connection to * impossible: this process has too many open files',
    'conexión a $1 imposible: Vigía tiene demasiados archivos abiertos',
  ],
  [
    'connection to * impossible: this machine has too many open files',
    'conexión a $1 imposible: este equipo tiene demasiados archivos abiertos',
  ],
  [
    'connection to * impossible: this machine has no free port or address for it',
    'conexión a $1 imposible: este equipo no tiene puerto ni dirección libres',
  ],
  [
    'connection to * impossible: the network interface of this machine is down',
    'conexión a $1 imposible: la interfaz de red de este equipo está caída',
  ],
  [
    'connection to * impossible: that is no address to connect to',
    'conexión a $1 imposible: a esa dirección no se puede conectar',
  ],
  [
    'connection to * impossible: a route of this machine discards packets to it (blackhole)',
    'conexión a $1 imposible: una ruta de este equipo descarta sus paquetes (blackhole)',
  ],
  ['connection to * failed: *', 'conexión a $1 fallida: $2'],

  ['* refused the connection', '$1 rechazó la conexión'],
  ['* reset the connection', '$1 cortó la conexión'],
  ['* closed the connection', '$1 cerró la conexión'],
  ['* closed the connection during the TLS handshake', '$1 cerró la conexión durante la negociación TLS'],
  ['* is unreachable', '$1 es inalcanzable'],
  ['* cannot be reached: there is no route to that network', '$1 no se alcanza: no hay ruta a esa red'],
  ['* did not answer', '$1 no respondió'],
  [
    '* was not asked: this process has too many open files',
    'no se consultó a $1: Vigía tiene demasiados archivos abiertos',
  ],
  [
    '* was not looked up: this process has too many open files',
    'no se buscó $1 en el DNS: Vigía tiene demasiados archivos abiertos',
  ],
  ['this process has too many open files', 'Vigía tiene demasiados archivos abiertos'],
  [
    'source: * is no address of this machine at present; ip addr shows those that are',
    'source: $1 no es ahora una dirección de este equipo; ip addr muestra las que hay',
  ],
  [
    '* was not asked: this machine has too many open files',
    'no se consultó a $1: este equipo tiene demasiados archivos abiertos',
  ],
  [
    '* was not asked: this machine has no free port or address for it',
    'no se consultó a $1: este equipo no tiene puerto ni dirección libres',
  ],
  [
    '* was not asked: the network interface of this machine is down',
    'no se consultó a $1: la interfaz de red de este equipo está caída',
  ],
  ['* was not asked: it is not permitted on this machine', 'no se consultó a $1: este equipo no lo permite'],
  [
    '* was not asked: it is not permitted by a firewall on this machine',
    'no se consultó a $1: un cortafuegos de este equipo no lo permite',
  ],
  [
    '* was not asked: a route of this machine discards packets to it (blackhole)',
    'no se consultó a $1: una ruta de este equipo descarta sus paquetes (blackhole)',
  ],
  [
    'a route of this machine discards packets to it (blackhole)',
    'una ruta de este equipo descarta sus paquetes (blackhole)',
  ],
  ['* does not answer in HTTP', '$1 no responde en HTTP'],
  ['the TLS handshake with * failed (*)', 'falló la negociación TLS con $1 ($2)'],
  ['* did not complete the TLS handshake in time', '$1 no completó a tiempo la negociación TLS'],

  ['the resolver * did not answer in time', 'el servidor DNS $1 no respondió a tiempo'],
  ['the resolver did not answer for * in time', 'el servidor DNS no respondió a tiempo por $1'],
  ['the resolver did not answer for * (*)', 'el servidor DNS no respondió por $1 ($2)'],
  [
    'the resolver * does not answer, and no address of * is known',
    'el servidor DNS $1 no responde, y no se conoce ninguna dirección de $2',
  ],
  [
    'the resolver * refuses the connection, and no address of * is known',
    'el servidor DNS $1 rechaza la conexión, y no se conoce ninguna dirección de $2',
  ],
  [
    'the resolver * cannot be reached, and no address of * is known',
    'el servidor DNS $1 es inalcanzable, y no se conoce ninguna dirección de $2',
  ],
  [
    'the resolver * answers *, and no address of * is known',
    'el servidor DNS $1 responde $2, y no se conoce ninguna dirección de $3',
  ],
  [
    '* was not looked up in time: * names wait to be asked for',
    'no se buscó a tiempo la dirección de $1: $2 nombres esperan su turno',
  ],
  [
    'the resolver * does not answer; looked at by their last known address: *, not looked at: *',
    'el servidor DNS $1 no responde; observados por su última dirección conocida: $2, sin observar: $3',
  ],
  [
    'the resolver * refuses the connection; looked at by their last known address: *, not looked at: *',
    'el servidor DNS $1 rechaza la conexión; observados por su última dirección conocida: $2, sin observar: $3',
  ],
  [
    'the resolver * cannot be reached; looked at by their last known address: *, not looked at: *',
    'el servidor DNS $1 es inalcanzable; observados por su última dirección conocida: $2, sin observar: $3',
  ],
  [
    'the resolver * answers *; looked at by their last known address: *, not looked at: *',
    'el servidor DNS $1 responde $2; observados por su última dirección conocida: $3, sin observar: $4',
  ],
  ['the resolver answers again', 'el servidor DNS responde de nuevo'],
  ['the resolver * answered something else', 'el servidor DNS $1 respondió otra cosa'],
  ['the resolver * closed the connection', 'el servidor DNS $1 cerró la conexión'],
  ['the resolver answered * for *', 'el servidor DNS respondió $1 por $2'],
  ['the resolver * is not an address', 'el servidor DNS $1 no es una dirección'],
  ['* does not exist', '$1 no existe'],
  ['* has no address', '$1 no tiene dirección'],
  ['* has no * record', '$1 no tiene registro $2'],
  ['* is not a DNS name', '$1 no es un nombre DNS'],
  ['* is not an IPv* address', '$1 no es una dirección IPv$2'],

  ['the answer does not contain *', 'la respuesta no contiene $1'],
  ['the answer contains *', 'la respuesta contiene $1'],
  ['the answer is not JSON', 'la respuesta no es JSON'],
  ['* answered *, expected *', '$1 respondió $2; se esperaba $3'],
  ['* is *, expected *', '$1 es $2; se esperaba $3'],
  ['* is *; * is missing', '$1 es $2; falta $3'],
  ['the answer of * is larger than * bytes', 'la respuesta de $1 supera los $2 bytes'],
  ['* redirects more than * times', '$1 redirige más de $2 veces'],
  ['* redirects to what is no web address', '$1 redirige a lo que no es una dirección web'],
  ['* did not accept the connection in time', '$1 no aceptó la conexión a tiempo'],
  ['* did not answer in time', '$1 no respondió a tiempo'],
  ['* did not complete its answer in time', '$1 no completó la respuesta a tiempo'],

  ['* sent no certificate', '$1 no envió certificado'],
  ['the certificate of * expired on *', 'el certificado de $1 venció el $2'],
  ['the certificate of * ends in * days, on *', 'el certificado de $1 vence en $2 días, el $3'],

  ['the certificate of * has expired', 'el certificado de $1 está vencido'],
  ['the certificate of * is not yet valid', 'el certificado de $1 todavía no es válido'],
  ['the certificate of * is signed by itself', 'el certificado de $1 está firmado por sí mismo'],
  [
    'the certificate chain of * ends in an unknown authority',
    'la cadena de certificados de $1 termina en una autoridad desconocida',
  ],
  [
    '* does not send the intermediate certificates, or its authority is unknown',
    '$1 no envía los certificados intermedios, o su autoridad es desconocida',
  ],
  [
    'the authority that signed the certificate of * is unknown',
    'la autoridad que firmó el certificado de $1 es desconocida',
  ],
  ['the certificate of * is revoked', 'el certificado de $1 está revocado'],
  ['the certificate is not for the name *', 'el certificado no es del nombre $1'],

  ['no call for *, expected every *', 'sin señal desde hace $1; se espera cada $2'],
  [
    'no call yet since listening began again, expected every *',
    'todavía ninguna señal desde que se vuelve a escuchar; se espera cada $1',
  ],
  ['never called for *, expected every *', 'nunca dio señal en $1; se espera cada $2'],
  ['the caller reports a failure', 'quien llama informa de una falla'],
  ['the caller reports a failure: *', 'quien llama informa de una falla: $1'],

  ['the certificate of * does not verify (*)', 'el certificado de $1 no se puede verificar ($2)'],
  ['its witnesses answer again', 'sus testigos vuelven a responder'],
  [
    '* was damaged and is set aside as *: graphs begin anew; look at the disk, or bring back a backup',
    '$1 estaba dañado y se apartó como $2: los gráficos empiezan de nuevo; conviene revisar el disco o restaurar una copia',
  ],
  [
    '* is of another installation and is set aside as *: graphs begin anew',
    '$1 es de otra instalación y se apartó como $2: los gráficos empiezan de nuevo',
  ],
  [
    '* batches of results in * are damaged and were left out: look at the disk, and keep a backup',
    '$1 lotes de resultados de $2 están dañados y se dejaron fuera: conviene revisar el disco y guardar una copia',
  ],
  ['the key that sealed secrets is missing (id *)', 'falta la clave que cifró los secretos (id $1)'],
  ['every secret can be opened again', 'todos los secretos se pueden abrir de nuevo'],
  [
    'the key that sealed its secrets is missing on this server',
    'falta en este servidor la clave que cifró sus secretos',
  ],
  ['its stored secrets are damaged', 'sus secretos guardados están dañados'],
  ['the key behind its push URL is missing on this server', 'falta en este servidor la clave de su URL de aviso'],
  ['none of its witnesses answers', 'no responde ninguno de sus testigos'],
  ['* failed: *', '$1 falló: $2'],
]

/** The fixed words of a phrase, with facts between them. */
const patternOf = (english: string): RegExp =>
  new RegExp(`^${english.split('*').map(RegExp.escape).join('(.{1,300}?)')}$`)

/** The last of a probe's takes any `… failed: …`, so what channels say comes before. */
export const spanishPhrases: readonly Phrase[] = [...DELIVERY_PHRASES, ...PHRASES].map(([english, means]) => ({
  pattern: patternOf(english),
  means,
}))

/** Probes say no more than this; what is longer is not worth the search. */
const LONGEST = 600

/** What any of them may end with. */
const LAST_KNOWN = /^(.*); looked at by the last known address of (\S+)$/
const TRIED_BY_LAST_KNOWN = /^(.*) It was tried by the last known address of (.+)\.$/

/** One recipient after the other, each with the server's own words. */
const EACH_REFUSED = /; (?=\S+@\S+ was refused: )/

/** Some recipients of a mail have not got it: who, why, and who has. */
const NOT_YET = /^Not with (.+?) yet: (.*?[.])(?: (\S.*) (?:has|have) it[.])?$/

const notYet = ([, who, why, had]: RegExpExecArray): string =>
  `Todavía sin entregar a ${who}: ${spanishCause(why!) ?? why}${had ? ` Ya lo tiene: ${had}.` : ''}`

/** A sentence of a probe or a channel in Spanish; undefined when it is none that is known. */
export const spanishCause = (english: string): string | undefined => {
  if (english.length > LONGEST) return undefined
  const [, tried, hosts] = TRIED_BY_LAST_KNOWN.exec(english) ?? []
  if (tried !== undefined)
    return `${spanishCause(tried) ?? tried} Se intentó por la última dirección conocida de ${hosts}.`
  const refused = english.split(EACH_REFUSED)
  if (refused.length > 1) return refused.map((one) => spanishCause(one) ?? one).join('; ')
  const waiting = NOT_YET.exec(english)
  if (waiting) return notYet(waiting)
  const [, before, host] = LAST_KNOWN.exec(english) ?? []
  if (before !== undefined) {
    const said = spanishCause(before)
    return said && `${said}; observado por la última dirección conocida de ${host}`
  }
  const phrase = spanishPhrases.find(({ pattern }) => pattern.test(english))
  return phrase && english.replace(phrase.pattern, phrase.means)
}
