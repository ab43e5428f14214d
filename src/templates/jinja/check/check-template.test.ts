import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { templateFault } from '../template-fault.ts'

/** Templates that no event can be right for: the line, what is wrong and the way out. */
const REFUSED: readonly (readonly [template: string, line: number, english: RegExp, spanish: RegExp])[] = [
  ["a\n{{ '{:y}'.format(rssi) }}", 2, /":y" is no format; write/, /":y" no es un formato; escriba/],
  ['{{ name.rsplitt(",") }}', 1, /no value has a method rsplitt; write rsplit/, /ningún valor .* escriba rsplit/],
  ["{{ '%s %s' % ip }}", 1, /more places than values/, /más lugares que valores/],
  ["{{ '%y'|format(ip) }}", 1, /"%y" is no format; write %%/, /no es un formato; escriba %%/],
  ['{{ x|truncate(2) }}', 1, /shorter than its own ending/, /más corto que su propio final/],
  ['{{ x|round(1, "x") }}', 1, /knows common, ceil and floor/, /conoce common, ceil y floor/],
  ['{{ x|truncate(lenght=5) }}', 1, /no argument named lenght; it has length/, /no tiene un argumento llamado lenght/],
  ['{{ x|replace("a") }}', 1, /needs its argument new/, /necesita su argumento new/],
  ['{{ 1 + "a" }}', 1, /\+ does not work between int and str; .*\|string/, /\+ no funciona entre int y str/],
  ['{{ "5" > 80 }}', 1, /> does not work between str and int/, /> no funciona entre str y int/],
  [
    '{{ hosts|map(attribute="ip") }}',
    1,
    /series that is no text; add \|join/,
    /serie que no es un texto; agregue \|join/,
  ],
  ['{{ labels.items }}', 1, /write \.items\(\) to call it/, /escriba \.items\(\) para llamarlo/],
  ['{{ ip() }}', 1, /no function ip; fields of an event cannot be called/, /no hay una función ip/],
  ['{{ abs(x) }}', 1, /abs is a filter; write value\|abs/, /abs es un filtro; escriba valor\|abs/],
  ['{{ x.__class__ }}', 1, /a template sees data/, /una plantilla ve datos/],
  ['{% do l.append(1) %}', 1, /no tag do; write \{% set/, /no hay etiqueta do; escriba \{% set/],
  [
    '{% for x in l %}\n{% break %}{% endfor %}',
    2,
    /no tag break; filter the loop/,
    /no hay etiqueta break; filtre el ciclo/,
  ],
  ['{% for x in l %}', 1, /for of line 1 is not closed; end it with \{% endfor %\}/, /for de la línea 1 no se cierra/],
  ['{{ loop.index }}', 1, /outside of a loop/, /fuera de un ciclo/],
  ['{% set ns.a = 1 %}', 1, /begin with \{% set ns = namespace\(\) %\}/, /comience con \{% set ns = namespace\(\) %\}/],
  [
    '{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}',
    1,
    /m takes at most 1 \(a\), and 2 are given/,
    /m admite como máximo 1/,
  ],
  ['{% extends "x" %}', 1, /cannot include or extend .* put its text here/, /no puede incluir .* ponga aquí/],
  ['{{ x|pprint }}', 1, /write tojson\(indent=2\)/, /escriba tojson\(indent=2\)/],
  ['{% set x = "5" %}\n{% if x > 80 %}a{% endif %}', 2, /> does not work between str and int/, /> no funciona/],
  ['{% macro m(x) %}{{ x + 1 }}{% endmacro %}{{ m("a") }}', 1, /\+ does not work between str and int/, /no funciona/],
  ['{% for x in [1, "a"] %}{{ x + 1 }}{% endfor %}', 1, /\+ does not work between str and int/, /no funciona/],
  ['{% if ip %}{% set ns = {} %}{% set ns.a = 1 %}{% endif %}', 1, /ns is no namespace; begin with/, /comience con/],
  ['{{ range is even }}', 1, /range is a function; .* event\.range for a field/, /escriba event\.range para un campo/],
  ['{{ ports|map("string")|upper }}', 1, /map gives a series that is no text; add/, /map da una serie/],
  ['{% if x = 1 %}{% endif %}', 1, /= is not expected here; %\} is needed/, /no se espera = aquí; aquí hace falta %\}/],
]

/** What an event may be right for, and what older panels' users write. */
const TAKEN = [
  '{{ absent.x + 1 }}',
  "{{ '%s:%d' % (ip, port) }} {{ '%(a)s' % labels }} {{ pattern|format(ip) }} {{ '{:.1f}'.format(rssi) }}",
  '{{ "{site}".format_map(labels) }} {{ "{0[site]}".format(labels) }} {{ "{ip}".format(**event) }}',
  '{{ hosts|groupby("tag")|list }} {{ hosts|sum(attribute="n") }} {{ hosts|sort(attribute="tag,n") }} {{ x|min }}',
  '{{ hosts|join(",", attribute="ip") }} {{ x|xmlattr }} {{ x|dictsort(by="value") }} {{ x|int(0, 16) }} {{ x|batch(2)|list }}',
  '{% if 90 <= confidence < 101 %}{% endif %}{% set ns = namespace(n=0) %}{% set ns.n = ns.n + 1 %}',
  '{% macro m(a) %}{{ a }}{{ caller() }}{% endmacro %}{% call m(1) %}x{% endcall %}',
  '{% for h in hosts recursive %}{{ loop.index }}{{ loop.cycle(1, 2) }}{{ loop(h.c) }}{% endfor %}',
  '{{ labels.get("k", "v") }} {{ labels["items"] }} {{ d.count }} {{ x.title }} {{ l|reverse }}',
  '{% set x = none %}{% if ip and x is not none %}{{ x + 1 }}{% endif %}{{ x + 1 if x is integer else "-" }}',
  '{% set x = "a" %}{% if ip %}{% set x = 5 %}{% endif %}{{ x + 1 }}{% for x in ports %}{{ x + 1 }}{% endfor %}',
  '{% set l = [] %}{% for h in hosts %}{% set _ = l.append(h.ip) %}{% endfor %}{{ l[0].upper() }}',
  '{% set ns = namespace(n="") %}{% for h in hosts %}{% set ns.n = h.n %}{% endfor %}{{ ns.n + 1 }}{{ range }}',
  '{% macro m(n) %}{% if n > 0 %}{{ n }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(90) }}',
  '{% for a in range(99) %}{% for b in range(99) %}{% for c in range(99) %}{{ a * b * c }}{% endfor %}{% endfor %}{% endfor %}',
  '{% block b %}x{% endblock %}{{ self.b() }}{% set c = cycler(1) %}{{ c.next() }}',
]

describe('templates at save', () => {
  for (const [template, line, english, spanish] of REFUSED)
    it(`refuses ${JSON.stringify(template)}`, () => {
      const fault = templateFault('text', template)
      assert.ok(fault)
      assert.equal(fault.line, line)
      assert.match(fault.message, english)
      assert.match(fault['x-es'].message, spanish)
    })

  it('runs away with nothing that a template can write', () => {
    for (const endless of [
      '{}.fromkeys(range(10 ** 12))',
      'cycler(*range(10 ** 12)).next()',
      'range(10 ** 12)|batch(10 ** 12)|first',
    ])
      assert.match(templateFault('text', `{{ ${endless} }}`)!.message, /too large a text or list/, endless)
    for (const long of [
      '-1 in range(10 ** 12)',
      '"{:010000,}".format(1)',
      '("<" * 900000)|striptags',
      '("a " * 90000).rsplit()',
    ])
      assert.equal(templateFault('text', `{{ ${long} }}`), undefined, long)
  })

  it('takes what depends on the event', () => {
    for (const template of TAKEN) assert.equal(templateFault('text', template), undefined, template)
  })
})
