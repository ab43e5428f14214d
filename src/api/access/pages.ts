import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from '#auth/password.ts'
import type { Language } from '#core/message/message.ts'
import { escapeHtml } from '#lib/text/html.ts'

const TEXTS = {
  en: {
    signIn: 'Sign in',
    name: 'Name',
    password: 'Password',
    again: 'Password again',
    code: 'Code',
    codeHint: 'Only where the account has a second factor: the code of the app, or a recovery code.',
    noAccount: 'There is no account yet. The log of the server shows the link to create the first one.',
    setUp: 'Create the administrator',
    setUpHint: `This account may do everything. The password has at least ${SHORTEST_PASSWORD} characters.`,
    create: 'Create',
    noLink: 'This link is not valid',
    noLinkHint:
      'It works once, and only until the server starts again or there is an account. The log of the server shows the present one.',
    toSignIn: 'To the sign-in page',
    errors: {
      wrong: 'Name, password or code is wrong.',
      code_needed: 'This account has a second factor: enter the code as well.',
      locked: (seconds: number) => `Too many attempts. Try again in ${seconds} s.`,
      cross_site: 'The form came from another site. Send it again from here.',
      invalid_name: 'A name is 1 to 64 letters, digits, spaces or . _ @ + - and begins with a letter or digit.',
      invalid_password: `A password has ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters.`,
      different: 'The two passwords differ.',
    },
  },
  es: {
    signIn: 'Iniciar sesión',
    name: 'Nombre',
    password: 'Contraseña',
    again: 'Repita la contraseña',
    code: 'Código',
    codeHint: 'Solo si la cuenta tiene un segundo factor: el código de la aplicación o uno de recuperación.',
    noAccount: 'Todavía no hay cuentas. El registro del servidor muestra el enlace para crear la primera.',
    setUp: 'Crear el administrador',
    setUpHint: `Esta cuenta puede hacer todo. La contraseña tiene al menos ${SHORTEST_PASSWORD} caracteres.`,
    create: 'Crear',
    noLink: 'Este enlace no es válido',
    noLinkHint:
      'Sirve una sola vez, hasta que el servidor se reinicia o hay una cuenta. El registro del servidor muestra el actual.',
    toSignIn: 'Ir a iniciar sesión',
    errors: {
      wrong: 'El nombre, la contraseña o el código no es correcto.',
      code_needed: 'Esta cuenta tiene un segundo factor: escriba también el código.',
      locked: (seconds: number) => `Demasiados intentos. Pruebe de nuevo en ${seconds} s.`,
      cross_site: 'El formulario vino de otro sitio. Envíelo de nuevo desde aquí.',
      invalid_name:
        'Un nombre tiene de 1 a 64 letras, cifras, espacios o . _ @ + - y empieza con una letra o una cifra.',
      invalid_password: `Una contraseña tiene de ${SHORTEST_PASSWORD} a ${LONGEST_PASSWORD} caracteres.`,
      different: 'Las dos contraseñas son distintas.',
    },
  },
} as const

type Errors = (typeof TEXTS)['en']['errors']
export type FormError = Exclude<keyof Errors, 'locked'> | { readonly retryAfterMs: number }

/** The page's own colours, as `web/src/styles.css` has them: these pages come before it, and without a script. */
const STYLE = `
:root { color-scheme: light dark; --ground: #f6f8f9; --surface: #fff; --ink: #14181c; --line: #e3e7eb; --edge: #868e96; --quiet: #5c6670; --down: #c01c1c; --accent: #0f766e; --link: #0c655e }
@media (prefers-color-scheme: dark) { :root { --ground: #14181c; --surface: #1b2026; --ink: #e4e8ec; --line: #2f363d; --edge: #7f8994; --quiet: #a3acb5; --down: #ff8787; --link: #4bb3a8 } }
* { box-sizing: border-box }
body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: var(--ink); background: var(--ground); margin: 0; padding: clamp(1rem, 8vh, 5rem) 1rem 2rem }
main { max-width: 27rem; margin: 0 auto; padding: 1.5rem; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; overflow-wrap: anywhere }
.brand { display: flex; align-items: center; gap: .6rem; max-width: 27rem; margin: 0 auto 1rem; font-size: 1.15rem; font-weight: 700 }
h1 { font-size: 1.25rem; line-height: 1.3; margin: 0 0 1.1rem } h2 { font-size: 1.05rem; line-height: 1.35; margin: 0 0 .9rem } .quiet { color: var(--quiet) }
p { margin: 0 0 .6rem } form { margin-top: 1.1rem } .facts { margin: 0 0 1.2rem; padding: 0; list-style: none; font-size: .93rem } .facts li { padding: .35rem 0; border-bottom: 1px solid var(--line) }
label { display: block; margin: 0 0 1rem; font-weight: 500 } label small { display: block; font-weight: 400 } small { color: var(--quiet) }
input, select, button { font: inherit; padding: .5rem .7rem; border: 1px solid var(--edge); border-radius: 8px; width: 100%; background: var(--surface); color: inherit } label input, label select { margin-top: .25rem }
button { cursor: pointer; font-weight: 600; color: #fff; background: var(--accent); border-color: var(--accent) } button.plain { color: inherit; background: var(--surface); border-color: var(--edge) }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px } a { color: var(--link) } .error { color: var(--down); font-weight: 600 }
`

const MARK =
  '<svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#0f766e"/>' +
  '<path d="M5 17h5l3-8 5 15 4-10 2 3h3" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/></svg>'

/** A page around a form, that works without a script. */
export const page = (language: Language, title: string, body: string): string =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${title} · Vigía</title>` +
  `<meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style></head>` +
  `<body><div class="brand">${MARK}Vigía</div><main><h1>${title}</h1>${body}</main></body></html>`

const errorLine = (language: Language, error: FormError | undefined): string => {
  if (error === undefined) return ''
  const { errors } = TEXTS[language]
  const text = typeof error === 'string' ? errors[error] : errors.locked(Math.ceil(error.retryAfterMs / 1000))
  return `<p class="error" role="alert">${text}</p>`
}

const field = (label: string, attributes: string, hint = ''): string =>
  `<label>${label}${hint && `<small>${hint}</small>`}<input ${attributes}></label>`

const hidden = (name: string, value: string): string =>
  `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`

const nameField = (label: string, value: string): string =>
  field(label, `name="name" value="${escapeHtml(value)}" autocomplete="username" required autofocus maxlength="64"`)

const passwordField = (label: string, name: string, autocomplete: string): string =>
  field(label, `type="password" name="${name}" autocomplete="${autocomplete}" required`)

export interface SignInForm {
  readonly language: Language
  readonly name: string
  readonly next: string
  readonly hasUsers: boolean
  readonly error?: FormError | undefined
}

/** The form that asks who one is. What was typed stays, but for the password. */
export const signInPage = ({ language, name, next, hasUsers, error }: SignInForm): string => {
  const texts = TEXTS[language]
  const form =
    `<form method="post" action="/sign-in">${hidden('next', next)}${nameField(texts.name, name)}` +
    passwordField(texts.password, 'password', 'current-password') +
    field(texts.code, 'name="code" autocomplete="one-time-code" maxlength="40"', texts.codeHint) +
    `<button>${texts.signIn}</button></form>`
  const start = hasUsers ? '' : `<p class="quiet">${texts.noAccount}</p>`
  return page(language, texts.signIn, start + errorLine(language, error) + form)
}

export interface SetUpForm {
  readonly language: Language
  readonly token: string
  readonly name: string
  readonly error?: FormError | undefined
}

/** The form that creates the first account. */
export const setUpPage = ({ language, token, name, error }: SetUpForm): string => {
  const texts = TEXTS[language]
  const form =
    `<form method="post" action="/setup">${hidden('token', token)}${nameField(texts.name, name)}` +
    passwordField(texts.password, 'password', 'new-password') +
    passwordField(texts.again, 'password_again', 'new-password') +
    `<button>${texts.create}</button></form>`
  return page(language, texts.setUp, `<p class="quiet">${texts.setUpHint}</p>${errorLine(language, error)}${form}`)
}

/** What a link that does not work answers. */
export const noLinkPage = (language: Language): string => {
  const texts = TEXTS[language]
  return page(language, texts.noLink, `<p>${texts.noLinkHint}</p><p><a href="/sign-in">${texts.toSignIn}</a></p>`)
}
