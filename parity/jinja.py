"""Renders templates by Jinja2: one JSON object a line in, one a line out. `--version` says which one answers."""

import json
import sys
import warnings

import jinja2

warnings.simplefilter("ignore")
environments = {html: jinja2.Environment(autoescape=html) for html in (False, True)}

if "--version" in sys.argv:
    print(jinja2.__version__)
    sys.exit()

for line in sys.stdin:
    case = json.loads(line)
    try:
        text = environments[case["html"]].from_string(case["template"]).render(case["facts"])
        answer = {"text": text}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
