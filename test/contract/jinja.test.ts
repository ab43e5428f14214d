import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { FACTS } from '../../parity/case.ts'
import { renderOurs } from '../../parity/compare.ts'

/** A template and what Jinja2 3.1 makes of it; `npm run templates -- --record` writes them. */
interface Recorded {
  readonly template: string
  readonly html?: boolean
  readonly facts?: object
  readonly text?: string
  readonly error?: string
}

const recorded = readFileSync(join(import.meta.dirname, 'jinja-recorded.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map((line): Recorded => JSON.parse(line))

const ours = ({ template, html = false, facts = FACTS }: Recorded) => renderOurs({ template, html, facts })

describe('templates beside Jinja2', () => {
  it('what Jinja2 renders is rendered alike', () => {
    const rendered = recorded.filter(({ text }) => text !== undefined)
    assert.ok(rendered.length > 500)
    for (const one of rendered) assert.deepEqual(ours(one), { text: one.text }, one.template)
  })

  it('what Jinja2 refuses is refused', () => {
    const refused = recorded.filter(({ error }) => error !== undefined)
    assert.ok(refused.length > 200)
    for (const one of refused) assert.ok(!('text' in ours(one)), one.template)
  })
})
