import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { it } from 'node:test'

const FOLDER = new URL('./texts/causes/', import.meta.url)

it('no two parts of the texts have a sentence for the same cause: the later one would be told in place of the first', async () => {
  for (const language of ['en', 'es']) {
    const codes: string[] = []
    for (const file of readdirSync(FOLDER).filter(
      (name) => name.endsWith(`-${language}.ts`) && !name.startsWith('cures'),
    ))
      for (const part of Object.values((await import(new URL(file, FOLDER).href)) as Record<string, unknown>))
        if (typeof part === 'object' && part !== null) codes.push(...Object.keys(part))
    assert.ok(codes.length > 100)
    assert.deepEqual(
      codes.filter((code, index) => codes.indexOf(code) !== index),
      [],
      language,
    )
  }
})
