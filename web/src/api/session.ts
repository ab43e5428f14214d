import { createSignal } from '../lib/signal.ts'

/** True while the session has ended and somebody must sign in again. */
export const sessionEnded = createSignal(false)

let waiting: PromiseWithResolvers<void> | undefined

/** Shows the sign-in dialog and resolves when somebody has signed in; all requests wait for the same one. */
export const askToSignIn = (): Promise<void> => {
  waiting ??= Promise.withResolvers<void>()
  sessionEnded.set(true)
  return waiting.promise
}

export type SignInAnswer = 'ok' | 'wrong' | 'locked' | 'unreachable'

/** Signs in by the same form as the sign-in page. */
export const signIn = async (name: string, password: string, code: string): Promise<SignInAnswer> => {
  const response = await fetch('/sign-in', {
    method: 'POST',
    body: new URLSearchParams({ name, password, code, next: '/healthz' }),
  }).catch(() => undefined)
  if (!response || response.status >= 500) return 'unreachable'
  if (response.status === 429) return 'locked'
  if (!response.ok) return 'wrong'
  sessionEnded.set(false)
  waiting?.resolve()
  waiting = undefined
  return 'ok'
}
