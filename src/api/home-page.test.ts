import assert from 'node:assert/strict'
import { it } from 'node:test'
import { because } from '#core/cause/cause.ts'
import { saidFields } from '#templates/said.ts'
import { homePage } from './home-page.ts'

it('the plain page says causes in the language of its reader, and what has no code by the code of the result', () => {
  const monitor = { type: 'tcp', target: 't', state: 'down', since: 0, latencyMs: null, paused: false } as const
  const said = saidFields(because('connection_refused', { target: '<10.0.0.1>:22' }))
  const page = (language: 'en' | 'es') =>
    homePage({
      monitors: [
        { ...monitor, name: 'new', ...said, code: 'refused' },
        { ...monitor, name: 'old', cause: 'a sentence of before', code: 'timeout' },
      ],
      alerts: [{ id: 1, subject: 'new', severity: 'HIGH', since: 0, ...said }],
      language,
      timeZone: 'UTC',
      now: 0,
    })
  assert.equal(page('es').split('conexión a &lt;10.0.0.1&gt;:22 rechazada').length, 3)
  assert.match(page('es'), /<td>sin respuesta a tiempo<\/td>/)
  assert.equal(page('en').split('connection to &lt;10.0.0.1&gt;:22 refused').length, 3)
  assert.match(page('en'), /<td>a sentence of before<\/td>/)
})
