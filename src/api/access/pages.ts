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

const STYLE = `
:root { color-scheme: light dark; --line: #d7dde3; --quiet: #5b6672; --down: #b91c1c; --accent: #1d4ed8 }
@media (prefers-color-scheme: dark) { :root { --line: #333c46; --quiet: #9aa6b2; --down: #f87171; --accent: #93c5fd } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 24rem; margin: 0 auto; padding: 3rem 1.5rem }
h1 { font-size: 1.4rem; margin: 0 } h2 { font-size: 1.05rem; margin: .25rem 0 1.5rem; font-weight: 600 } .quiet { color: var(--quiet) }
label { display: block; margin: 0 0 1rem } label small { display: block; color: var(--quiet) }
input, select, button { font: inherit; padding: .45rem .6rem; border: 1px solid var(--line); border-radius: 4px; width: 100%; box-sizing: border-box }
button { cursor: pointer; font-weight: 600 } a { color: var(--accent) } .error { color: var(--down); font-weight: 600 }
`

/** A page around a form, that works without a script. */
export const page = (language: Language, title: string, body: string): string =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${title} · Vigía</title>` +
  `<meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style></head>` +
  `<body><main><h1>Vigía</h1><h2>${title}</h2>${body}</main></body></html>`

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
