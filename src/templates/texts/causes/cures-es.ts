import type { DeliveryCures } from '#core/cause/delivery-cures.ts'
import { causeTexts } from './cause-texts.ts'

export const curesEs = causeTexts<DeliveryCures>()({
  subscribe_the_browser_again: 'Abra el canal en ese navegador y suscríbalo de nuevo.',
  bring_back_the_key:
    'Definir VIGIA_KEY, o devolver secret.key a la carpeta de datos, y reiniciar; o escribir de nuevo los secretos.',
  check_address: 'Revisar la dirección.',
  check_address_and_login: 'Revisar la dirección y su token, o el usuario y la contraseña.',
  write_final_address: 'Escribir como URL la dirección final: una redirección podría llevar el mensaje a otra parte.',
  see_what_stands_between: 'Ver qué hay entre este equipo y el servicio: un proxy, una página de acceso de la red.',
  renew_certificate: 'Renovar el certificado del servidor; si es válido, revisar el reloj de este equipo.',
  check_clock_and_certificate: 'Revisar el reloj de este equipo y el certificado del servidor.',
  use_certificates_name: 'Usar como servidor el nombre que figura en el certificado.',
  trust_authority:
    'Dar al servidor un certificado de una autoridad conocida, o iniciar Vigía con NODE_EXTRA_CA_CERTS=/ruta/de/autoridad.pem.',
  raise_open_files: 'Subir LimitNOFILE en la unidad de systemd, o ulimit -n; vigia doctor dice el límite.',
  check_port_speaks_tls: 'Comprobar que ese puerto hable TLS.',
  new_discord_webhook: 'Crear un webhook nuevo en los ajustes del canal de Discord y escribir aquí su URL.',
  new_slack_webhook: 'Crear un webhook entrante nuevo en Slack y escribir aquí su URL.',
  ask_slack_administrator: 'Consultar a quien administra el espacio de trabajo.',
  check_slack_token: 'Revisar el token de la aplicación de Slack: empieza con xoxb-.',
  invite_slack_app: 'Revisar el canal e invitar a la aplicación: /invite @app.',
  give_slack_scope: 'Dar a la aplicación de Slack el permiso chat:write e instalarla de nuevo.',
  choose_another_channel: 'Elegir otro canal.',
  check_bot_token: 'Revisar el token del bot: @BotFather lo muestra con /mybots.',
  one_program_per_bot: 'Otro programa lee las novedades de este bot: cada uno necesita su propio bot.',
  write_new_chat_id: 'El grupo tiene un número nuevo: escribirlo como chat_id.',
  write_this_chat_id: 'Escribir chat_id: "{chat}": el grupo tiene un número nuevo.',
  add_bot_to_chat:
    'Agregar el bot al chat (las personas le envían antes /start) y revisar chat_id; los grupos empiezan con -100.',
  ports_are_blocked:
    'Muchas redes y proveedores bloquean el correo saliente: probar el puerto 587 (STARTTLS), 465 (TLS) o 2525, o pedir al proveedor que lo abra.',
  google_application_password:
    'Google no acepta aquí la contraseña de la cuenta: activar la verificación en dos pasos, crear una contraseña de aplicación en myaccount.google.com/apppasswords y usar sus 16 letras.',
  microsoft_authenticated_smtp:
    'Microsoft 365 tiene desactivado el inicio de sesión SMTP de este buzón: quien lo administra puede activar «SMTP autenticado»; o usar otro servidor de correo.',
  check_mail_login:
    'Revisar usuario y contraseña. Los proveedores con verificación en dos pasos piden una contraseña de aplicación.',
  set_mail_login: 'Definir smtp.user y smtp.password (SMTP_USER, SMTP_PASSWORD).',
  set_mail_login_or_allow: 'Definir smtp.user y smtp.password, o permitir este equipo en el servidor de correo.',
  set_mail_sender:
    'Poner en "from" la dirección de la cuenta que inicia sesión, o hacer que el proveedor confirme este remitente.',
  set_plain_sender: 'Indicar en "from" una dirección con letras de ASCII; el nombre puede tener otras.',
  set_own_name:
    'Poner en smtp.name un nombre completo de este equipo, como vigia.example.com, mejor uno que el DNS resuelva a su dirección.',
  set_mail_encryption: 'Poner security en starttls (puerto 587) o tls (puerto 465).',
  set_mail_port: 'Poner security en starttls o auto para los puertos 587 y 25; tls es del puerto 465.',
  encrypt_or_no_login:
    'Usar un puerto con cifrado (587 o 465), o quitar usuario y contraseña. Con "security: none" la contraseña se envía en claro.',
  prove_sender:
    'El destino comprueba quién puede enviar por este dominio: agregar este servidor al registro SPF del dominio y firmar con DKIM, o enviar por el servidor de correo del propio dominio.',
  check_blocklists:
    'Revisar la dirección de este equipo en las listas de bloqueo y su nombre DNS inverso, o enviar por el servidor de correo del proveedor.',
  check_recipients: 'Revisar las direcciones de "to".',
  empty_mailbox: 'Vaciar el buzón o ampliar su cuota.',
  it_is_sent_again: 'Nada que hacer: se envía de nuevo.',
  limit_is_lifted: 'Los proveedores levantan este límite en menos de un día.',
})
