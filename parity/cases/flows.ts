import { cases } from '../case.ts'

// Values that come to where they are used by another way: through names, branches, loops and macros. What fails there
// fails with every event; what a condition keeps from failing does not.

const VALUES = ['5', '"5"', 'none', '[1, "b"]', '{"a": 1}', '(1, "a")', 'true', '2.5', 'ip', 'confidence', 'absent']
const USES = [
  'x + 1',
  'x > 80',
  'x|upper',
  'x.upper()',
  'x[0]',
  'x.a + 1',
  'x|join(",")',
  'x|length',
  'x ~ "!"',
  'x|int + 1',
  '"%d"|format(x)',
  '-x',
  'x|first',
  'x in "a5c"',
  'x|round(1)',
]
type Way = (value: string, use: string) => string
const WAYS: readonly Way[] = [
  (value, use) => `{% set x = ${value} %}{{ ${use} }}`,
  (value, use) => `{% with x = ${value} %}{{ ${use} }}{% endwith %}`,
  (value, use) => `{% for x in [${value}] %}{{ ${use} }}{% endfor %}`,
  (value, use) => `{% macro m(x=${value}) %}{{ ${use} }}{% endmacro %}{{ m() }}`,
  (value, use) => `{% macro m(x, y=none) %}{{ ${use} }}{% endmacro %}{{ m(${value}) }}`,
  (value, use) => `{% set x, y = ${value}, ip %}{% if yes %}{{ ${use} }}{% endif %}`,
  (value, use) => `{% set x = ${value} %}{% if yes %}{% set x = 7 %}{% endif %}{{ ${use} }}`,
  (value, use) => `{% set x = 7 %}{% if no %}{% set x = ${value} %}{% endif %}{{ ${use} }}`,
  (value, use) => `{% set x = ${value} if yes else 5 %}{{ ${use} }}`,
  (value, use) => `{% set x = ${value} %}{{ ${use} if yes and x is integer else "-" }}`,
  (value, use) => `{% set x = ${value} %}{% if ip and x is string %}{{ ${use} }}{% endif %}`,
  (value, use) => `{% set x = ${value} %}{% if x is not none and (yes and x is mapping) %}{{ ${use} }}{% endif %}`,
  (value, use) =>
    `{% set l = [] %}{% for p in ports %}{% set _ = l.append(${value}) %}{% endfor %}{% set x = l[0] %}{{ ${use} }}`,
  (value, use) =>
    `{% set n = namespace(x=7) %}{% for p in ports %}{% set n.x = ${value} %}{% endfor %}{% set x = n.x %}{{ ${use} }}`,
  (value, use) => `{% set x %}{{ ${value} }}{% endset %}{{ ${use} }}`,
  (value, use) => `{% macro m(x) %}{{ caller(x) }}{% endmacro %}{% call(x) m(${value}) %}{{ ${use} }}{% endcall %}`,
  (value, use) => `{% for x in [${value}] if x is string and ip %}{{ ${use} }}{% else %}none{% endfor %}`,
  (value, use) => `{% for y in ports %}{% for x in [${value}, y] if x == y %}{{ ${use} }}{% endfor %}{% endfor %}`,
]

export const flows = cases(WAYS.flatMap((way) => VALUES.flatMap((value) => USES.map((use) => way(value, use)))))
