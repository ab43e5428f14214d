import assert from 'node:assert/strict'
import { it } from 'node:test'
import { checkTemplate } from '../jinja/check/check-template.ts'
import { renderTemplate } from '../jinja/run/render-template.ts'
import { parseTemplate } from '../jinja/syntax/parse-template.ts'
import { TemplateError } from '../jinja/syntax/template-error.ts'
import type { TemplateFault } from '../jinja/syntax/template-faults.ts'
import { templateFaultsEn } from './template-faults-en.ts'

const FACTS = { ip: '10.0.0.1', n: 5, list: ['b', 'a'], map: { a: 1 }, none: null }

/** Templates that are refused, each for another reason. */
const FAULTY: readonly string[] = [
  '{{ 1 + ',
  '{{ (1',
  '{{ x y }}',
  '{% if x = 1 %}{% endif %}',
  '{% block 5 %}{% endblock %}',
  '{{ x.. }}',
  '{{ }}',
  '{% 5 %}',
  '{# x',
  '{% raw %}',
  '{{ "x }}',
  '{% for x in list %}',
  '{{ x',
  '{{ ? }}',
  '{{ x ) }}',
  '{{ (x ] }}',
  '{{ ²a }}',
  '{{ "\\x" }}',
  '{{ f(a=1, 2) }}',
  '{{ x[] }}',
  '{{ x is even is odd }}',
  '{% set 5 = 1 %}',
  '{% set x.y, 5 = 1 %}',
  '{% macro m(a=1, b) %}{% endmacro %}',
  '{% call x %}{% endcall %}',
  '{% block b required %}{% endblock %}',
  '{% block b %}{% endblock %}{% block b %}{% endblock %}',
  '{% include "x" %}',
  '{% endfor %}',
  '{% do x %}',
  '{% break %}',
  '{% continue %}',
  '{% trans %}',
  '{% debug %}',
  '{% set x = 1 %}{% raw',
  '{% raw x %}',
  '{% frobnicate %}',

  '{{ x|frobnicate }}',
  '{{ x|uper }}',
  '{{ x is frobnicating }}',
  '{{ x|pprint }}',
  '{{ x.__class__ }}',
  '{{ labels.items }}',
  '{{ lipsum() }}',
  '{{ lipsum }}',
  '{{ list|map("upper") }}',
  '{{ m() }}{% macro m() %}{% endmacro %}',
  '{% block b %}{{ super() }}{% endblock %}',
  '{{ upper(x) }}',
  '{{ ip() }}',
  '{{ rnge(3) }}',
  '{{ ip.frobnicate() }}',
  '{{ ip.uper() }}',
  '{{ 5() }}',
  '{{ loop.index }}',
  '{% for loop in list %}{% endfor %}',
  '{% set ns.a = 1 %}',
  '{% macro m() %}{% endmacro %}{% call m() %}{% endcall %}',
  '{{ range is even }}',

  '{{ x|upper(1) }}',
  '{{ x|truncate(1, 2, 3, 4, 5) }}',
  '{{ x|truncate(lenght=5) }}',
  '{{ x|upper(a=1) }}',
  '{{ "x".replace("a", "b", old="c") }}',
  '{{ x|replace("a", "b", old="c") }}',
  '{{ x|replace("a") }}',
  '{{ list|selectattr() }}',
  '{{ list|map() }}',
  '{{ list|map(x)|list }}',
  '{{ list|map(n)|list }}',
  '{% set m = [1] %}{{ list|map(frob="x")|list }}',
  '{% macro m(a) %}{% endmacro %}{% set f = m %}{{ f(1, 2) }}',
  '{% macro m(a) %}{% endmacro %}{% set f = m %}{{ f(1, a=2) }}',
  '{% macro m(a) %}{% endmacro %}{% set f = m %}{{ f(b=2) }}',
  '{% macro m() %}{% endmacro %}{% set f = m %}{% call f() %}{% endcall %}',
  '{% call ip() %}{% endcall %}',
  '{% for x in list %}{{ x() }}{% endfor %}',
  '{% set x = absent %}{{ x() }}',
  '{% for x in [1] %}{{ loop.cycle }}{% endfor %}',

  '{{ x|round("a") }}',
  '{{ "x".center([]) }}',
  '{{ ip.startswith(5) }}',
  '{{ "a".join() }}',
  '{{ "x"|replace }}',
  '{{ none|float("x") + [] }}',
  '{{ [1]|abs }}',
  '{{ absent|abs }}',
  '{{ absent|int }}',
  '{{ 5|xmlattr }}',
  '{{ {}.update(**5) }}',
  '{{ 5|dictsort }}',
  '{{ absent|dictsort }}',
  '{{ absent + 1 }}',
  '{{ 1 + "a" }}',
  '{{ 1 / 0 }}',
  '{{ (-2) ** 0.5 }}',
  '{{ 10 ** 100000 }}',
  '{{ 10.0 ** 1000 }}',
  '{{ "inf"|float|int }}',
  '{% for x in 5 %}{% endfor %}',
  '{{ 5|length }}',
  '{{ list|map("upper")|length }}',
  '{{ {[]: 1} }}',
  '{{ range|tojson }}',
  '{{ self|tojson }}',
  '{{ 5 in "abc" }}',
  '{{ 5 in 5 }}',
  '{{ 5[1:2] }}',
  '{{ list[::0] }}',
  '{{ list[1:2, 3] }}',
  '{{ range(1, 2, 0) }}',
  '{% set a, b = [1] %}',
  '{{ dict([[1]]) }}',
  '{{ {}.pop("a") }}',
  '{{ {}.popitem() }}',
  '{{ [].index(1) }}',
  '{{ [].pop() }}',
  '{{ list|map("upper")|last }}',
  '{{ map|random }}',
  '{{ map|dictsort(by="x") }}',
  '{{ ["a"]|sum(start="") }}',
  '{{ list|slice(0)|list }}',
  '{{ cycler() }}',
  '{% for x in list %}{{ loop.cycle() }}{% endfor %}',
  '{{ n|round(1, "x") }}',
  '{{ {"a b": 1}|xmlattr }}',
  '{{ ip|truncate(1) }}',
  '{{ ip|wordwrap(0) }}',
  '{{ ip.split("") }}',
  '{{ ip.index("x") }}',
  '{{ ip.center(20, "ab") }}',
  '{{ ",".join([1]) }}',

  '{{ "%s"|format(1, a=2) }}',
  '{{ "%s %s" % ip }}',
  '{{ "%s" % (1, 2) }}',
  '{{ "%(a)s" % 1 }}',
  '{{ "%(b)s" % {"a": 1} }}',
  '{{ "100%" % 1 }}',
  '{{ "%d" % "a" }}',
  '{{ "%d" % [] }}',
  '{{ "%x" % 1.5 }}',
  '{{ "%f" % "a" }}',
  '{{ "%c" % "ab" }}',
  '{{ "{:y}".format(1) }}',
  '{{ "{:d}".format("a") }}',
  '{{ "{:1.2.3}".format("a") }}',
  '{{ "{a[}".format(1) }}',
  '{{ "{a.}".format(a=1) }}',
  '{{ "}".format(1) }}',
  '{{ "{".format(1) }}',
  '{{ "{:{:{}}}".format(1, 2, 3) }}',
  '{{ "{!x}".format(1) }}',
  '{{ "{0.a}".format(1) }}',

  `{{ ${'('.repeat(200)}1${')'.repeat(200)} }}`,
  '{% for a in range(999) %}{% for b in range(999) %}{% for c in range(99) %}{% endfor %}{% endfor %}{% endfor %}',
  '{{ "a" * 10 ** 9 }}',
]

/** The codes that a fault is said with: its own, and those within. */
const codesOf = ({ code, facts }: TemplateFault): readonly string[] => [
  code,
  ...Object.values(facts).flatMap((fact) => (typeof fact === 'object' ? codesOf(fact as TemplateFault) : [])),
]

const thrownBy = (work: () => unknown): readonly string[] => {
  try {
    work()
    return []
  } catch (error) {
    if (error instanceof TemplateError) return codesOf(error.fault)
    throw error
  }
}

it('each sentence about templates is said of some template', () => {
  const said = new Set(['in_part', 'in_line', 'output_too_long'])
  for (const source of FAULTY) {
    const codes = [
      ...thrownBy(() => checkTemplate(parseTemplate(source), false)),
      ...thrownBy(() => renderTemplate(parseTemplate(source), FACTS, { html: false })),
    ]
    assert.notDeepEqual(codes, [], source)
    for (const code of codes) said.add(code)
  }
  assert.deepEqual(
    Object.keys(templateFaultsEn).filter((code) => !said.has(code)),
    [],
  )
})
