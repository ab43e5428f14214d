import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { channelTypes } from '#channels/index.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { loadConfig, problemText } from './load.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const EXAMPLES = join(ROOT, 'examples')

const environment = Object.fromEntries(
  ['SMTP_USER', 'SMTP_PASSWORD', 'TELEGRAM_TOKEN', 'SHOP_TOKEN', 'API_KEY', 'WEBHOOK_SECRET'].map((name) => [
    name,
    '123:example',
  ]),
)
const urls = Object.fromEntries(
  ['SLACK_WEBHOOK_URL', 'DISCORD_WEBHOOK_URL'].map((name) => [name, 'https://hooks.example/x']),
)

describe('examples', () => {
  const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'))
  const seen = { probes: new Set<string>(), channels: new Set<string>() }
  for (const file of files)
    it(`${file} is accepted`, () => {
      const loaded = loadConfig(join(EXAMPLES, file), {
        environment: { ...environment, ...urls },
        probeTypes,
        channelTypes,
        parseTarget,
      })
      assert.ok(loaded.ok, loaded.ok ? '' : loaded.problems.map(problemText).join('\n'))
      for (const { type } of loaded.config.monitors) seen.probes.add(type)
      for (const { type } of loaded.config.channels) seen.channels.add(type)
    })

  it('there is one of each type', () => {
    assert.deepEqual([...seen.probes].sort(), [...probeTypes.keys()].sort())
    assert.deepEqual([...seen.channels].sort(), [...channelTypes.keys()].sort())
  })

  it('the reference names every option of every type', () => {
    const reference = readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8')
    for (const type of [...probeTypes.values(), ...channelTypes.values()]) {
      const section = reference.split(`### ${type.name}: `)[1]?.split('\n### ')[0]
      assert.ok(section, `${type.name} has no section`)
      for (const option of Object.keys(type.options.properties))
        assert.ok(section.includes(`\`${option}\``), `${type.name}.${option} is not described`)
    }
  })
})
