import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parseTemplate } from '#templates/jinja/syntax/parse-template.ts'
import { FACTS } from '../../parity/case.ts'
import { renderOurs } from '../../parity/compare.ts'
import { factNames } from '../../parity/fact-names.ts'

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

const isSyntax = (error: string): boolean => /Syntax|Assertion/.test(error)
/** Whether a template has no name that an event could fill; false where it cannot be read. */
const asksNothing = (template: string): boolean => {
  try {
    return factNames(parseTemplate(template)).size === 0
  } catch {
    return false
  }
}

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

  it('what fails with every event is refused when it is saved, not at the first event', () => {
    const always = recorded.filter(
      ({ template, error }) => error !== undefined && !isSyntax(error) && asksNothing(template),
    )
    assert.ok(always.length > 50)
    for (const one of always) assert.ok('refused' in ours(one), one.template)
  })
})
