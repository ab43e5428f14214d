import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { checkTemplate, fillTemplate } from './body-template.ts'

const fields = { subject: 'say "hi"\n<b>', labels: { site: 'POP-3' }, alert: 7, cause: null }

describe('body template', () => {
  it('writes fields, escaped for the content type', () => {
    assert.equal(fillTemplate('{"a":"{{ subject }}"}', fields, 'application/json'), '{"a":"say \\"hi\\"\\n<b>"}')
    assert.equal(
      fillTemplate('a={{subject}}', fields, 'application/x-www-form-urlencoded'),
      'a=say%20%22hi%22%0A%3Cb%3E',
    )
    assert.equal(fillTemplate('<p>{{subject}}</p>', fields, 'text/html'), '<p>say &quot;hi&quot;\n&lt;b&gt;</p>')
    assert.equal(fillTemplate('{{labels.site}} {{ alert }}', fields, 'text/plain'), 'POP-3 7')
  })

  it('writes objects as JSON and nothing for what is absent', () => {
    assert.equal(fillTemplate('{"l":{{labels}}}', fields, 'application/json'), '{"l":{"site":"POP-3"}}')
    assert.equal(fillTemplate('[{{cause}}{{nothing.here}}{{constructor}}]', fields, 'text/plain'), '[]')
  })

  it('does not fill a placeholder that a value brings along', () =>
    assert.equal(fillTemplate('{{a}}', { a: '{{b}}', b: 'no' }, 'text/plain'), '{{b}}'))

  it('stays JSON whatever the value is', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (subject) => {
        const body = fillTemplate('{"subject":"{{subject}}"}', { subject }, 'application/json')
        assert.equal(JSON.parse(body).subject, subject.toWellFormed())
      }),
    ))

  it('names the place of what it cannot read', () => {
    assert.equal(checkTemplate('{"a": "{{ subject }}"}'), undefined)
    assert.match(checkTemplate('a {{ b }}\n {{ c + 1 }}')!.message, /line 2, column 2/)
    assert.match(checkTemplate('{% if a %}')!.message, /line 1, column 1/)
    assert.match(checkTemplate('{{ open')!.message, /line 1, column 1/)
  })
})
