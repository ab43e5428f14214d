import assert from 'node:assert/strict'
import { it } from 'node:test'
import { languageOf } from './language.ts'

it('a command speaks the language of who calls it', () => {
  for (const LANG of ['es', 'es_AR.UTF-8', 'es_ES@euro', 'ES']) assert.equal(languageOf({ LANG }), 'es', LANG)
  for (const LANG of ['', 'C', 'C.UTF-8', 'POSIX', 'en_US.UTF-8', 'pt_BR', 'est', 'eso'])
    assert.equal(languageOf({ LANG }), 'en', LANG)
  assert.equal(languageOf({}), 'en')
  assert.equal(languageOf({ LC_ALL: 'C', LC_MESSAGES: 'es', LANG: 'es' }), 'en')
  assert.equal(languageOf({ LC_ALL: '', LC_MESSAGES: 'es_MX', LANG: 'en_US' }), 'es')
})
