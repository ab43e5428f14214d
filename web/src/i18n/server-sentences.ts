import { language } from './index.ts'

const SPANISH: Readonly<Record<string, string>> = {
  'the rule is disabled': 'la regla está deshabilitada',
  'the rule did not exist yet': 'la regla todavía no existía',
  'the end of an episode that had no open alert under this rule':
    'el final de un episodio que no tenía una alerta abierta con esta regla',
  'it matches now, but did not when the event came: the rule was changed since':
    'coincide ahora, pero no cuando llegó el evento: la regla cambió desde entonces',
}

/** Sentences that hold something of their own. */
const SPANISH_SENTENCES: readonly (readonly [english: RegExp, spanish: string])[] = [
  [/^not matched: severity (\w+) is below (\w+)$/, 'no coincide: la severidad $1 es menor que $2'],
  [/^not matched: .*$/s, 'no coincide: hay condiciones que no se cumplen'],
  [/^no results from the probe engine for (\d+) s$/, 'el motor de pruebas no da resultados desde hace $1 s'],
  [/^probes begin (\d+) s late$/, 'las pruebas empiezan $1 s tarde'],
  [/^notifications have waited for (\d+) min$/, 'hay notificaciones que esperan desde hace $1 min'],
  [/^the database does not answer: (.*)$/s, 'la base de datos no responde: $1'],
]

/** Sentences of the server about decisions and its own state, in the reader's language. */
export const serverText = (english: string): string => {
  if (language() === 'en') return english
  const known = SPANISH[english]
  if (known !== undefined) return known
  const sentence = SPANISH_SENTENCES.find(([pattern]) => pattern.test(english))
  return sentence ? english.replace(sentence[0], sentence[1]) : english
}
