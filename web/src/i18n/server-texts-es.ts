/** Spanish for what the server's schemas, types and jobs say in English. */
export const SPANISH: Readonly<Record<string, string>> = {
  'E-mail': 'Correo electrónico',
  To: 'Para',
  'Recipients, as a list or separated by commas. Default: ALERT_EMAIL_TO.':
    'Destinatarios, como lista o separados por comas. Si falta: ALERT_EMAIL_TO.',
  From: 'De',
  'Sender, as address or Name <address>. Default: SMTP_FROM, else the user.':
    'Remitente, como dirección o Nombre <dirección>. Si falta: SMTP_FROM, o el usuario.',
  'Mail server': 'Servidor de correo',
  'Without it, the SMTP_ variables of the environment.': 'Sin él, las variables SMTP_ del entorno.',
  Host: 'Equipo',
  'Mail server. Default: SMTP_SERVER.': 'Servidor de correo. Si falta: SMTP_SERVER.',
  Port: 'Puerto',
  'Default: SMTP_PORT, else 587; 465 where security is tls.':
    'Si falta: SMTP_PORT, o 587; 465 cuando la seguridad es tls.',
  User: 'Usuario',
  'Login name. Default: SMTP_USER.': 'Nombre de usuario. Si falta: SMTP_USER.',
  Password: 'Contraseña',
  'Default: SMTP_PASSWORD. Gmail asks for an application password.':
    'Si falta: SMTP_PASSWORD. Gmail pide una contraseña de aplicación.',
  Security: 'Seguridad',
  'auto: encrypted where the server offers it, a password is never sent in clear. starttls, tls: always encrypted. none: never, a login is sent in clear.':
    'auto: cifrado si el servidor lo ofrece, una contraseña nunca va en claro. starttls, tls: siempre cifrado. none: nunca, el inicio de sesión va en claro.',
  'Own name': 'Nombre propio',
  "How this server introduces itself to the mail server (EHLO). Default: the machine's full name, else the sender's domain.":
    'Cómo se presenta este servidor ante el servidor de correo (EHLO). Si no se indica: el nombre completo del equipo o, si no, el dominio del remitente.',
  'Certificate authority': 'Autoridad de certificación',
  "Certificate in PEM that signed the mail server's, where it is not a public one.":
    'Certificado en PEM que firmó el del servidor de correo, si no es público.',
  Slack: 'Slack',
  'Webhook URL': 'URL del webhook',
  'Address of an incoming webhook, as Slack shows it: https://hooks.slack.com/services/…':
    'Dirección de un webhook entrante, como la muestra Slack: https://hooks.slack.com/services/…',
  Telegram: 'Telegram',
  'Bot token': 'Token del bot',
  'The token that @BotFather gave to the bot: 123456:ABC…': 'El token que @BotFather dio al bot: 123456:ABC…',
  Chat: 'Chat',
  'Number of the chat (groups begin with -100), or @name of a public channel.':
    'Número del chat (los grupos empiezan con -100), o @nombre de un canal público.',
  'API address': 'Dirección de la API',
  'Address of a Bot API server of your own. Without it, api.telegram.org.':
    'Dirección de un servidor Bot API propio. Sin ella, api.telegram.org.',
  Discord: 'Discord',
  'Address of a webhook, as the settings of the Discord channel show it.':
    'Dirección de un webhook, como la muestran los ajustes del canal de Discord.',
  Webhook: 'Webhook',
  'Alertmanager webhook': 'Webhook de Alertmanager',
  "What listens to Alertmanager's webhooks.": 'Lo que escucha los webhooks de Alertmanager.',
  Receiver: 'Receptor',
  'Name of the receiver in the message; vigia by default.': 'Nombre del receptor en el mensaje; por defecto vigia.',
  URL: 'URL',
  'Where the message is sent.': 'Adónde se envía el mensaje.',
  'Where the message is sent. Path and query may hold fields of the message, as in /sms?text={{ message }}.':
    'Adónde se envía el mensaje. La ruta y los parámetros pueden llevar campos del mensaje, como en /sms?text={{ message }}.',
  'Further headers, for example Authorization. They may hold fields of the message.':
    'Otros encabezados, por ejemplo Authorization. Pueden llevar campos del mensaje.',
  Method: 'Método',
  'POST by default. GET sends no body: its fields stand in the URL.':
    'POST si no se indica. GET no envía cuerpo: sus campos van en la URL.',
  Headers: 'Encabezados',
  'Further headers, for example Authorization.': 'Otros encabezados, por ejemplo Authorization.',
  Body: 'Cuerpo',
  'Text with fields of the message as {{ subject }} or {{ labels.site }}. Without it, the whole message as JSON.':
    'Texto con campos del mensaje como {{ subject }} o {{ labels.site }}. Sin él, el mensaje completo como JSON.',
  'Expected answer': 'Respuesta esperada',
  'Text that the answer contains when the message was taken, for services that answer 200 to everything: "errcode":0. Without it the status decides.':
    'Texto que contiene la respuesta cuando el mensaje fue aceptado, para servicios que responden 200 a todo: "errcode":0. Sin él decide el código de estado.',
  'Signing secret': 'Secreto de firma',
  'Signs each request: X-Vigia-Signature is sha256= and the HMAC-SHA256 of "timestamp.body" in hex.':
    'Firma cada petición: X-Vigia-Signature es sha256= y el HMAC-SHA256 de "timestamp.body" en hexadecimal.',
  'ICMP ping': 'Ping ICMP',
  'Name or address to ping': 'Nombre o dirección a la que hacer ping',
  Packets: 'Paquetes',
  'Echo requests per round; up if any is answered': 'Pedidos de eco por ronda; arriba si alguno se responde',
  Gap: 'Separación',
  'Time between the packets of a round, default 200ms': 'Tiempo entre los paquetes de una ronda, 200ms si no se indica',
  Size: 'Tamaño',
  'Payload bytes': 'Bytes de datos',
  'IP version': 'Versión de IP',
  'Source address': 'Dirección de origen',
  'Address of this machine to send from; without it the system chooses':
    'Dirección de esta máquina desde la que enviar; sin ella elige el sistema',
  'Which addresses of a name to use: any, 4 or 6': 'Qué direcciones de un nombre usar: any (cualquiera), 4 o 6',
  'TCP connect': 'Conexión TCP',
  'Name or address to connect to': 'Nombre o dirección a la que conectar',
  'TCP port, 1 to 65535': 'Puerto TCP, de 1 a 65535',
  'Close by a reset': 'Cerrar con un reset',
  'Close by a reset: on Linux before the service hears of the connection, so that it logs nothing; elsewhere some services log it as an error':
    'Cerrar con un reset: en Linux, antes de que el servicio se entere de la conexión, así que no registra nada; en otros sistemas algunos servicios lo registran como error',
  'HTTP request': 'Petición HTTP',
  'http:// or https:// address; a user and password in it become Basic authentication':
    'Dirección http:// o https://; un usuario y contraseña en ella se usan como autenticación Basic',
  'HTTP method': 'Método HTTP',
  'Request headers by name': 'Encabezados de la petición, por nombre',
  'Request body': 'Cuerpo de la petición',
  Status: 'Estado',
  'Expected status: 200, "2xx", "200-299", or a list of these; default 2xx':
    'Estado esperado: 200, "2xx", "200-299", o una lista de ellos; 2xx si no se indica',
  Contains: 'Contiene',
  'Text that the answer must contain, or /regular expression/flags':
    'Texto que la respuesta debe contener, o /expresión regular/indicadores',
  'Does not contain': 'No contiene',
  'Text that the answer must not contain, or /regular expression/flags':
    'Texto que la respuesta no debe contener, o /expresión regular/indicadores',
  JSON: 'JSON',
  'Values by path: { "$.status": "ok", "data[0].load": "< 5" }':
    'Valores por ruta: { "$.status": "ok", "data[0].load": "< 5" }',
  Redirects: 'Redirecciones',
  'Redirects that are followed at most; 0 takes the first answer':
    'Redirecciones que se siguen como máximo; 0 toma la primera respuesta',
  'Verify TLS': 'Verificar TLS',
  'Fail when the certificate does not verify': 'Fallar si el certificado no se puede verificar',
  Days: 'Días',
  'Fail when the certificate ends in fewer days than this': 'Fallar si el certificado vence en menos días que estos',
  'DNS query': 'Consulta DNS',
  Name: 'Nombre',
  'Name to ask for': 'Nombre por el que preguntar',
  'Record type': 'Tipo de registro',
  'A, AAAA, CNAME, MX, NS, TXT, SOA, PTR, SRV or CAA': 'A, AAAA, CNAME, MX, NS, TXT, SOA, PTR, SRV o CAA',
  Resolver: 'Servidor DNS',
  'Address of the server to ask, with :port where it is not 53; default: the first one of this machine':
    'Dirección del servidor al que preguntar, con :puerto si no es 53; si falta, el primero de esta máquina',
  Expected: 'Esperado',
  'Values that must be among the answers': 'Valores que deben estar entre las respuestas',
  'TLS certificate': 'Certificado TLS',
  'Fewer days than this until the first certificate of the chain ends is a failure':
    'Es una falla si al primer certificado de la cadena en vencer le quedan menos días que estos',
  'Name that the certificate must be for, where it is not the host':
    'Nombre para el que debe ser el certificado, si no es el equipo',
  'Push (sign of life)': 'Push (señal de vida)',
  Period: 'Período',
  'How often the URL is called': 'Cada cuánto se llama a la URL',
  Grace: 'Tolerancia',
  'How much later a call may come, default 1m': 'Cuánto más tarde puede llegar una llamada, 1m si no se indica',
  'Unique name': 'Nombre único',
  'Probe type': 'Tipo de prueba',
  'Options of the type': 'Opciones del tipo',
  'Short form of type and options: https://example.com': 'Forma corta del tipo y sus opciones: https://example.com',
  'Time between probes': 'Tiempo entre pruebas',
  'Wait for an answer; each type has its default': 'Espera de una respuesta; cada tipo tiene su valor',
  'Failures in a row until down, or "3 of 5"': 'Fallas seguidas hasta darlo por caído, o "3 of 5"',
  'Successes in a row until up again, or "2 of 3"': 'Éxitos seguidos hasta darlo por arriba, o "2 of 3"',
  'Time between probes after a first failure': 'Tiempo entre pruebas tras una primera falla',
  'Time between probes while down': 'Tiempo entre pruebas mientras está caído',
  'hourly forgets failures when the hour begins': 'hourly olvida las fallas al comenzar la hora',
  'Severity of down': 'Severidad de la caída',
  'Severity of degraded': 'Severidad de lo degradado',
  'Waits between reminders while it lasts; the last goes on; 0 for none':
    'Esperas entre recordatorios mientras dura; la última se repite; 0 para ninguno',
  'Tell of recoveries': 'Avisar de las recuperaciones',
  'Channels that hear of it': 'Canales que se enteran',
  Channel: 'Canal',
  'Documented values of an older tool': 'Valores documentados de una herramienta anterior',
  'Above this an answer counts as degraded': 'Por encima de esto una respuesta cuenta como degradada',
  'For example ">= 200ms"': 'Por ejemplo ">= 200ms"',
  'For example ">= 20%"': 'Por ejemplo ">= 20%"',
  Labels: 'Etiquetas',
  'What it is': 'Qué es',
  'Where it stands': 'Dónde está',
  'Link to what to do': 'Enlace a qué hacer',
  'True does not probe': 'Verdadero no prueba',
  'Earlier name, to keep the history': 'Nombre anterior, para conservar la historia',
  'Results of probes': 'Resultados de las pruebas',
  'Results gathered by the minute': 'Resultados agrupados por minuto',
  'Results gathered by the day': 'Resultados agrupados por día',
  'Results gathered by the hour, and changes of state': 'Resultados agrupados por hora, y cambios de estado',
  'Events and what was decided about them': 'Eventos y lo que se decidió sobre ellos',
  'Events, number': 'Eventos, cantidad',
  'At most so many events: the oldest go first': 'Como máximo esta cantidad de eventos: los más viejos se van primero',
  'Alerts that ended, with their notifications': 'Alertas que terminaron, con sus notificaciones',
  'Who changed what': 'Quién cambió qué',
  'Addresses that channels made by hand may send to all the same':
    'Direcciones a las que los canales hechos a mano pueden enviar de todos modos',
  'Addresses that monitors made by hand may look at all the same':
    'Direcciones que los monitores hechos a mano pueden mirar de todos modos',
  'Instead of a webhook: token of a Slack app with the scope chat:write, xoxb-…. A bot edits its first message and answers in its thread; a webhook cannot.':
    'En lugar de un webhook: token de una aplicación de Slack con el permiso chat:write, xoxb-…. Un bot edita su primer mensaje y responde en su hilo; un webhook no puede.',
  'With a bot token: id of the Slack channel (C…), or its #name. The app must be in it.':
    'Con un token de bot: id del canal de Slack (C…), o su #nombre. La aplicación debe estar en él.',
  'With a bot token: address of the Web API where it is another than https://slack.com/api.':
    'Con un token de bot: dirección de la Web API si es otra que https://slack.com/api.',
  'Gather what flaps': 'Reunir lo que oscila',
  'False tells every change, however often it changes': 'Si no, avisa cada cambio, por seguido que cambie',
  'Of one answer, for example ">= 200ms"': 'De una respuesta, por ejemplo ">= 200ms"',
  'For example ">= 5%"; with over, of the whole window': 'Por ejemplo ">= 5%"; con over, de toda la ventana',
  '95 of 100 packets come back faster, in the window; for example ">= 80ms"':
    '95 de 100 paquetes vuelven más rápido, en la ventana; por ejemplo ">= 80ms"',
  'Mean difference of packets in a row, in the window; for example ">= 30ms"':
    'Diferencia media de paquetes seguidos, en la ventana; por ejemplo ">= 30ms"',
  'Length of the window, default 5m': 'Largo de la ventana, 5m si no se indica',
  'For example "< 2%"': 'Por ejemplo "< 2%"',
  'For example "< 60ms"': 'Por ejemplo "< 60ms"',
  'For example "< 20ms"': 'Por ejemplo "< 20ms"',
  'It ends below this; default: four fifths': 'Termina por debajo de esto; si falta: cuatro quintos',
  'Reached through': 'Se llega por',
  'It counts as cut off when all of these are down, or all of one group of a list of lists':
    'Cuenta como incomunicado cuando todos estos están caídos, o todos los de un grupo de una lista de listas',
  'Time-out': 'Tiempo de espera',
  'Failures until down': 'Fallas hasta darlo por caído',
  'Successes until up': 'Éxitos hasta darlo por arriba',
  Reminders: 'Recordatorios',
  Channels: 'Canales',
  Latency: 'Latencia',
  Loss: 'Pérdida',
  '95th percentile': 'Percentil 95',
  Jitter: 'Variación (jitter)',
  Window: 'Ventana',
  Degraded: 'Degradado',
  'Until it is well again': 'Hasta que vuelve a estar bien',
  Description: 'Descripción',
  Location: 'Ubicación',
  Runbook: 'Procedimiento',
  'Language of its messages': 'Idioma de sus mensajes',
  "en or es; default: the server's": 'en o es; si falta: el del servidor',
  'Time zone of its messages': 'Zona horaria de sus mensajes',
  "IANA name such as America/Lima; default: the server's": 'Nombre IANA como America/Lima; si falta: la del servidor',
  'At most so many messages': 'Como máximo esta cantidad de mensajes',
  'The first goes at once; what exceeds the limit arrives as one digest':
    'El primero sale enseguida; lo que excede el límite llega en un resumen',
  Messages: 'Mensajes',
  'In this time': 'En este tiempo',
  'For example 1h': 'Por ejemplo 1h',
  Urgent: 'Urgente',
  'This severity and above pass rate limit, grouping and quiet hours':
    'Desde esta severidad no hay límite, agrupación ni horas de silencio',
  Grouping: 'Agrupación',
  'Messages of one group are told together': 'Los mensajes de un grupo llegan juntos',
  'One message for each value of these labels; without labels everything is one group':
    'Un mensaje por cada valor de estas etiquetas; sin etiquetas todo es un solo grupo',
  Wait: 'Espera',
  'How long a first message waits for others': 'Cuánto espera un primer mensaje a otros',
  'Smallest gap between messages of a group': 'Tiempo mínimo entre los mensajes de un grupo',
  'Quiet hours': 'Horas de silencio',
  'Hours in which less severe messages wait, by the time zone of the channel':
    'Horas en que los mensajes menos severos esperan, según la zona horaria del canal',
  Begin: 'Inicio',
  End: 'Fin',
  Below: 'Por debajo de',
  'What is less severe waits for the end; default: everything waits':
    'Lo menos severo espera hasta el fin; si falta: todo espera',
  Fallback: 'Canal de respaldo',
  'Another channel that sends what this one could not': 'Otro canal que envía lo que este no pudo',
  'It sends instead': 'Envía en su lugar',
  After: 'Después de',
  'Undelivered for so long': 'Sin entregar durante este tiempo',
  'Gather old results by the minute, and remove what is older than is kept':
    'Agrupar los resultados viejos por minuto y borrar lo que pasó de su plazo',
  'Remove old events and what was decided about them': 'Borrar eventos viejos y lo que se decidió sobre ellos',
  'Remove old alerts with their notifications, and old changes of state':
    'Borrar alertas viejas con sus notificaciones, y cambios de estado viejos',
  'Remove old audit entries, ended sessions and idempotency keys':
    'Borrar entradas viejas de auditoría, sesiones terminadas y claves de idempotencia',
  'Hand in an event of type summary, for a rule to send: what is open, what is down':
    'Entregar un evento de tipo summary, para que una regla lo envíe: qué está abierto, qué está caído',
  'the rule is disabled': 'la regla está deshabilitada',
  'the rule did not exist yet': 'la regla todavía no existía',
  'the end of an episode that had no open alert under this rule':
    'el final de un episodio que no tenía una alerta abierta con esta regla',
  'it matches now, but did not when the event came: the rule was changed since':
    'coincide ahora, pero no cuando llegó el evento: la regla cambió desde entonces',
}

/** Sentences that hold something of their own. */
export const SPANISH_SENTENCES: readonly (readonly [english: RegExp, spanish: string])[] = [
  [/^not matched: severity (\w+) is below (\w+)$/, 'no coincide: la severidad $1 es menor que $2'],
  [/^not matched: .*$/s, 'no coincide: hay condiciones que no se cumplen'],
  [/^no results from the probe engine for (\d+) s$/, 'el motor de pruebas no da resultados desde hace $1 s'],
  [/^probes begin (\d+) s late$/, 'las pruebas empiezan $1 s tarde'],
  [/^notifications have waited for (\d+) min$/, 'hay notificaciones que esperan desde hace $1 min'],
  [/^the database does not answer: (.*)$/s, 'la base de datos no responde: $1'],
]
