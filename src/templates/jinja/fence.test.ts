import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, describe, it } from 'node:test'
import type { Worker } from 'node:worker_threads'
import { createTemplateFence, type TemplateProblem } from './fence.ts'
import { LONGEST_OUTPUT, LONGEST_SOURCE } from './parts.ts'

const fence = createTemplateFence()
after(() => fence.close())

const facts = {
  time_zone: 'America/Argentina/Cordoba',
  subject: 'Torre Ñandú <7>',
  since: '2026-11-21T06:12:04.000Z',
  duration_ms: 7_800_000,
  cause: null,
  url: 'https://vigia.example/alerts/7?a=1&b=2',
  labels: { site: 'Córdoba', tier: 'core' },
  items: [{ subject: 'POP-01' }, { subject: 'POP-02' }],
}

const renderText = async (text: string, context: object = facts) => {
  const rendered = await fence.render({ text }, context)
  return 'problem' in rendered ? rendered.problem : rendered.text
}
const renderHtml = async (html: string) => {
  const rendered = await fence.render({ html }, facts)
  return 'problem' in rendered ? rendered.problem : rendered.html
}
const problemIn = async (answer: Promise<object | undefined>) => {
  const found = (await answer) as Partial<TemplateProblem> | undefined
  assert.ok(found?.problem, `no problem but ${JSON.stringify(found)?.slice(0, 200)}`)
  return found.problem
}

describe('templates that people write', () => {
  it('each part is rendered, in any language', async () => {
    assert.deepEqual(
      await fence.render(
        {
          subject: '🔴 {{ subject }} cayó',
          text: '{% for item in items %}{{ loop.index }}. {{ item.subject }}\n{% endfor %}¿Qué pasó?',
          html: '<p>{{ subject }}</p>',
        },
        facts,
      ),
      {
        subject: '🔴 Torre Ñandú <7> cayó',
        text: '1. POP-01\n2. POP-02\n¿Qué pasó?',
        html: '<p>Torre Ñandú &lt;7&gt;</p>',
      },
    )
    assert.deepEqual(await fence.render({}, facts), {})
  })

  it('what is absent is empty, and what is null is None', async () => {
    assert.equal(await renderText('[{{ a }}{{ a.b.c }}{{ subject.x.y }}{{ cause.code }}]'), '[]')
    assert.equal(
      await renderText('{{ cause }} {{ [cause] }} {{ cause is defined }} {{ a is none }}'),
      'None [None] True False',
    )
    assert.equal(
      await renderText('{{ cause == None }} {{ cause in [1, None] }} {{ cause != none }}'),
      'True True False',
    )
    assert.equal(await renderText('{% for x in a.b %}{{ x }}{% else %}none{% endfor %}'), 'none')
    assert.equal(
      await renderText('{{ cause|default("?", true) }} {{ cause is none }} {{ url is none }}'),
      '? True False',
    )
    assert.equal(await renderText('[{{ a|duration }}{{ a|localtime }}{{ a|link }}{{ a|truncate(3) }}]'), '[]')
  })

  it('only HTML is escaped', async () => {
    assert.equal(await renderText('{{ subject }}'), 'Torre Ñandú <7>')
    assert.equal(await renderHtml('{{ subject }} {{ "<b>"|safe }}'), 'Torre Ñandú &lt;7&gt; <b>')
  })

  it('durations and local times are for people', async () => {
    assert.equal(
      await renderText('{{ duration_ms|duration }}, {{ 0|duration }}, {{ "2 km"|duration }}'),
      '2 h 10 m, 0 s, 2 km',
    )
    assert.equal(await renderText('{{ since|localtime }}'), '2026-11-21 03:12')
    assert.equal(await renderText('{{ 1795241524000|localtime }}'), '2026-11-21 03:12')
    assert.equal(await renderText('{{ since|localtime }}', { ...facts, time_zone: 'Mars/Base' }), '2026-11-21 06:12')
    assert.equal(
      await renderText('{{ "soon"|localtime }} {{ 9e99|localtime }} {{ "long"|duration }}'),
      'soon 9e+99 long',
    )
  })

  it('a link is an anchor in HTML and plain elsewhere', async () => {
    assert.equal(await renderText('{{ url|link("Ver") }}'), 'Ver: https://vigia.example/alerts/7?a=1&b=2')
    assert.equal(await renderText('{{ url|link }}'), 'https://vigia.example/alerts/7?a=1&b=2')
    assert.equal(
      await renderHtml('{{ url|link("<Ver>") }}'),
      '<a href="https://vigia.example/alerts/7?a=1&amp;b=2">&lt;Ver&gt;</a>',
    )
    assert.equal(await renderHtml('{{ "javascript:alert(1)"|link("x") }}'), 'x')
    assert.equal(
      await renderHtml(`{{ 'https://a.example/"onclick="x'|link('"') }}`),
      '<a href="https://a.example/&quot;onclick=&quot;x">&quot;</a>',
    )
  })

  it('has the filters that people know from Jinja', async () => {
    assert.equal(
      await renderText('{{ "ñ"|upper }} {{ 2.345|round(1) }} {{ labels|tojson }}'),
      'Ñ 2.3 {"site": "C\\u00f3rdoba", "tier": "core"}',
    )
    assert.equal(
      await renderText('{{ items|map(attribute="subject")|join(", ") }} {{ "x".upper() }}'),
      'POP-01, POP-02 X',
    )
    assert.equal(
      await renderText('{% for k, v in labels.items() %}{{ k }}={{ v }};{% endfor %}'),
      'site=Córdoba;tier=core;',
    )
    assert.equal(await renderText('{{ "%5.1f|%-4s|%03d|%x|%%"|format(98.76, "a", 7, 255) }}'), ' 98.8|a   |007|ff|%')
    assert.equal(
      await renderText(
        '{{ "uno dos tres cuatro"|truncate(9) }} {{ "abcdef"|truncate(length=4, killwords=true, end="", leeway=0) }}',
      ),
      'uno... abcd',
    )
    assert.equal(await renderText('{{ "a b/ñ"|urlencode }}'), 'a%20b/%C3%B1')
  })

  it('a subject is one line', async () => {
    assert.deepEqual(await fence.render({ subject: 'a\n\n{{ "b\r\nc" }}\n' }, {}), { subject: 'a b c' })
  })
})

describe('errors of templates', () => {
  it('tell the part and the line', async () => {
    assert.deepEqual(await fence.check({ text: 'fine', html: '<p>\n\n{{ subject' }), {
      problem: {
        code: 'syntax',
        part: 'html',
        line: 3,
        message: 'the html template, line 3: {{ of line 3 is not closed; end it with }}',
        'x-es': { message: 'la plantilla de HTML, línea 3: {{ de la línea 3 no se cierra; termínelo con }}' },
      },
    })
    const { code, part, line } = await problemIn(fence.render({ subject: '{% endfor %}' }, {}))
    assert.deepEqual([code, part, line], ['syntax', 'subject', 1])
  })

  it('names that do not exist are found without a message', async () => {
    assert.deepEqual(await fence.check({ text: '\n{{ subject|uper }}' }), {
      problem: {
        code: 'runtime',
        part: 'text',
        line: 2,
        message: 'the text template, line 2: filter uper is unknown; write upper',
        'x-es': { message: 'la plantilla de texto, línea 2: el filtro uper no existe; escriba upper' },
      },
    })
    for (const text of ['{{ nothing() }}', '{{ 1 is nothing }}'])
      assert.equal((await problemIn(fence.check({ text }))).code, 'runtime', text)
    for (const text of ['{% include "/etc/passwd" %}', '{% import "text" as t %}'])
      assert.equal((await problemIn(fence.check({ text }))).code, 'syntax', text)
  })

  it('what depends on the facts is no error yet', async () => {
    assert.equal(await fence.check({ subject: '{{ subject }}', text: '{{ duration_ms + 1 }}' }), undefined)
    assert.equal((await problemIn(fence.render({ text: '{{ absent + 1 }}' }, {}))).code, 'runtime')
  })

  it('too long a template, or what it gives', async () => {
    for (const part of ['subject', 'text', 'html'] as const) {
      const long = 'x'.repeat(LONGEST_OUTPUT[part])
      assert.deepEqual(await fence.render({ [part]: '{{ x }}' }, { x: long }), { [part]: long })
      for (const answer of [
        fence.render({ [part]: '{{ x }}y' }, { x: long }),
        fence.check({ [part]: 'x'.repeat(LONGEST_SOURCE + 1) }),
      ]) {
        const problem = await problemIn(answer)
        assert.deepEqual([problem.code, problem.part], ['too_long', part])
      }
    }
  })
})

const cyclic: { self?: object } = {}
cyclic.self = cyclic
const nested = (depth: number) => {
  let value: object = {}
  for (let level = 0; level < depth; level++) value = { a: value }
  return value
}

const HOSTILE: readonly (readonly [name: string, template: string, context?: object])[] = [
  ['a giant string', '{{ "a" * 1000000000 }}'],
  ['a giant list', '{% set x = [1] * 1000000000 %}{{ x|list }}'],
  ['a giant range', '{% for a in range(1000000000) %}x{% endfor %}'],
  ['nested ranges', '{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}'],
  [
    'few steps of much work',
    '{% set s = "a" * 4000000 %}{% for a in range(99999) %}{{ s|replace("a", "b")|length }}{% endfor %}',
  ],
  ['a macro without end', '{% macro f(n) %}{{ f(n + 1) }}{{ f(n) }}{% endmacro %}{{ f(0) }}'],
  ['a recursive loop', '{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}'],
  ['parentheses', `{{ ${'('.repeat(49_000)}1${')'.repeat(49_000)} }}`],
  ['blocks', `${'{% if 1 %}'.repeat(4000)}${'{% endif %}'.repeat(4000)}`],
  ['signs', `{{ ${'-'.repeat(99_000)}1 }}`],
  ['a long sum', `{{ 1${'+1'.repeat(49_000)} }}`],
  ['a long chain of filters', `{{ a${'|e'.repeat(49_000)} }}`],
  ['giant output', '{% for a in range(99999) %}{{ "a" * 1000 }}{% endfor %}'],
  ['itself included', '{% include "html" %}'],
  ['itself imported', '{% import "html" as page %}{{ page }}'],
  ['doubling', '{% set s = namespace(v="ab") %}{% for i in range(60) %}{% set s.v = s.v ~ s.v %}{% endfor %}{{ s.v }}'],
  ['replacing by itself', '{% set s = "a" * 100000 %}{{ s|replace("a", s) }}'],
  ['giant widths', '{{ "x\ny"|indent(2000000000) }}{{ "%1000000000d"|format(1) }}{{ "%.999999999f"|format(1) }}'],
  ['a cyclic value', '{% set n = namespace() %}{% set n.n = n %}{{ n }}{{ n|tojson }}'],
  [
    'a deep value',
    '{% set n = namespace(v=[]) %}{% for i in range(99999) %}{% set n.v = [n.v] %}{% endfor %}{{ n.v }}',
  ],
  ['giant arguments of filters', '{% for i in range(9999) %}{{ ("ñ" * 4000000)|link("€" * 4000000) }}{% endfor %}'],
  ['many links', '{% for i in range(99999) %}{{ "https://a.example/"|link(i) }}{% endfor %}'],
  ['the way to the process', '{{ constructor.constructor("return process")().exit(1) }}'],
  ['a source of 10 MB', 'x'.repeat(10_000_000)],
  ['a cyclic context', '{{ self }}', cyclic],
  ['an enormous context', '{{ a }}', { a: Array.from({ length: 2_000_000 }, () => ({})) }],
  ['a deep context', '{{ a }}', nested(100_000)],
  ['a giant integer', '{{ 9007199254740993|duration }}{{ 9 ** 999999999 }}'],
]

describe('hostile templates', () => {
  const before = process.memoryUsage().rss
  for (const [name, html, context = facts] of HOSTILE)
    it(`${name}: refused, and the next template is rendered`, async (test) => {
      const start = performance.now()
      const hostile = fence.render({ html }, context)
      const waiting = fence.render({ subject: '{{ subject }}' }, facts)
      const { code, message } = await problemIn(hostile)
      test.diagnostic(`${Math.round(performance.now() - start)} ms: ${code}, ${message.slice(0, 120)}`)
      assert.ok(message.length < 500)
      assert.deepEqual(await waiting, { subject: facts.subject })
      assert.ok(process.memoryUsage().rss - before < 300 * 2 ** 20)
    })

  it('prototypes are out of reach', async () => {
    const context = JSON.parse('{"o": {"__proto__": {"x": 1}}, "l": [1], "s": "a"}')
    const paths = ['__proto__', 'o.constructor', 'l.constructor', 's.constructor', 'o.toString', 'l.__proto__.push']
    for (const path of paths) assert.equal(await renderText(`[{{ ${path} }}]`, context), '[]', path)
    assert.equal(({} as { x?: number }).x, undefined)
  })
})

describe('the thread of templates', () => {
  it('answers calls in turn, each with its own facts', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        n % 10 === 5 ? fence.render({ text: '{{ "a" * 1000000000 }}' }, {}) : fence.render({ text: '{{ n }}' }, { n }),
      ),
    )
    for (const [n, answer] of answers.entries())
      if (n % 10 === 5) assert.equal('problem' in answer && answer.problem.code, 'memory')
      else assert.deepEqual(answer, { text: String(n) })
  })

  it('starts with the first template, ends without use, and starts again', async () => {
    const started: Worker[] = []
    const onStart = (worker: Worker) => started.push(worker)
    process.on('worker', onStart)
    const brief = createTemplateFence({ idleMs: 1 })
    await brief.render({}, {})
    assert.equal(started.length, 0)
    for (const n of [1, 2]) {
      assert.deepEqual(await brief.render({ text: '{{ n }}' }, { n }), { text: String(n) })
      assert.equal(started.length, n)
      await once(started.at(-1)!, 'exit')
    }
    process.off('worker', onStart)
    await brief.close()
  })

  it('outlives an endless loop', async () => {
    let started = 0
    const onStart = () => started++
    await fence.check({ text: 'a' })
    process.on('worker', onStart)
    const loop = '{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}'
    assert.equal((await problemIn(fence.render({ text: loop }, {}))).code, 'timeout')
    assert.equal(await renderText('a'), 'a')
    process.off('worker', onStart)
    assert.equal(started, 0)
  })

  it('is not blamed on the template when the main thread is held up', async () => {
    const brief = createTemplateFence({ limitMs: 200 })
    await brief.check({ text: '' })
    const answer = brief.render({ text: 'a' }, {})
    await new Promise((resolve) => setImmediate(resolve))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
    assert.deepEqual(await answer, { text: 'a' })
    await brief.close()
  })

  it('answers no more once it is closed', async () => {
    const closed = createTemplateFence()
    const running = closed.render({ text: 'a' }, {})
    await new Promise((resolve) => setImmediate(resolve))
    await closed.close()
    assert.deepEqual(await running, { text: 'a' })
    assert.equal((await problemIn(closed.render({ text: 'a' }, {}))).code, 'runtime')
  })
})

describe('what keeps templates from being rendered', () => {
  it('is said in either language, numbers as they are written there', async () => {
    const fence = createTemplateFence()
    const large = await fence.render({ text: 'x' }, { facts: 'x'.repeat(1_000_001) })
    const long = await fence.render({ text: 'x'.repeat(100_001) }, {})
    await fence.close()
    const problems = [large, long].map((one) => (one as TemplateProblem).problem)
    assert.deepEqual(
      problems.map(({ message, 'x-es': spanish }) => [message, spanish.message]),
      [
        [
          'the facts cannot be handed to a template: they are more than 1,000,000 characters',
          'los datos no se pueden entregar a una plantilla: tienen más de 1.000.000 caracteres',
        ],
        [
          'the text template has 100,001 characters; at most 100,000 are allowed',
          'la plantilla de texto tiene 100.001 caracteres; se permiten 100.000 como máximo',
        ],
      ],
    )
  })
})
