import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { channelTypes } from '#channels/index.ts'
import { publishedSchema } from '#config/published-schema.ts'
import { probeTypes } from '#probes/index.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const EXAMPLES = join(ROOT, 'examples')
const FILE = join(ROOT, 'schema/vigia.schema.json')
const HEAD = '# yaml-language-server: $schema=../schema/vigia.schema.json\n'

/** Configurations of ours in the documents; others are of other tools. */
const blocksOf = (name: string): string[] =>
  [...readFileSync(join(ROOT, 'docs', name), 'utf8').matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text!)

describe('the schema for editors', () => {
  const schema = JSON.parse(readFileSync(FILE, 'utf8'))
  const check = new Ajv({ strict: false, formats: { duration: true }, allErrors: true }).compile(schema)
  const errors = (value: unknown) =>
    check(value) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)

  it('is what the schemas that validate make of it: npm run build:schema writes it', () => {
    assert.deepEqual(schema, JSON.parse(JSON.stringify(publishedSchema(probeTypes, channelTypes))))
  })

  for (const file of readdirSync(EXAMPLES).filter((name) => name.endsWith('.yaml')))
    it(`takes ${file}, which names it`, () => {
      const text = readFileSync(join(EXAMPLES, file), 'utf8')
      assert.ok(text.startsWith(HEAD))
      assert.deepEqual(errors(parse(text)), [])
    })

  it('takes what the documents show', () => {
    const blocks = ['configuration.md', 'noise.md', 'rules.md'].flatMap(blocksOf)
    const known = new Set(Object.keys(schema.properties))
    const whole = blocks
      .map((text) => parse(text, { uniqueKeys: false }))
      .filter((one) => Object.keys(one).every((key) => known.has(key)))
    assert.ok(whole.length > 3, String(whole.length))
    for (const one of whole) assert.deepEqual(errors(one), [], JSON.stringify(one))
  })

  it('knows the options of each type, and nothing that is not known', () => {
    const monitor = (options: object) => ({ monitors: [{ name: 'a', type: 'tcp', options }] })
    assert.deepEqual(errors(monitor({ host: 'a', port: 22 })), [])
    assert.deepEqual(errors(monitor({ host: '${HOST}', port: '{port}' })), [])
    assert.deepEqual(errors({ monitors: [{ name: 'a', interval: '${EVERY}', reminder: 0, retry_interval: 0 }] }), [])
    for (const wrong of [
      monitor({ host: 'a', prot: 22 }),
      { monitors: [{ name: 'a', intervall: '5s' }] },
      { monitors: [{ name: 'a', interval: '5 minutes' }] },
      { channels: [{ name: 'a', type: 'smoke' }] },
      { monitor: [] },
    ])
      assert.notDeepEqual(errors(wrong), [], JSON.stringify(wrong))
  })
})
