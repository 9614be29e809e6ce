"""What students write, shown to an instructor: pages with feedback run none of it."""

import copy

from hostile.case import Case, cells_of

SCRIPT = "<script>EVE_RUNS()</script><img src=x onerror=EVE_RUNS()>"
ELEMENTS = [
    SCRIPT,
    "<svg onload=EVE_RUNS()></svg>",
    "<iframe srcdoc='<script>EVE_RUNS()</script>'></iframe>",
    "[link](javascript:EVE_RUNS())",
    '![picture](x" onerror="EVE_RUNS())',
    "<a href='javascript:EVE_RUNS()'>link</a>",
    "<style>@import 'EVE_RUNS'</style><link rel=stylesheet href='EVE_RUNS'>",
    "<form action='EVE_RUNS'><input autofocus onfocus=EVE_RUNS()></form>",
    "$\\href{javascript:EVE_RUNS()}{x}$",
    "</div></div></body></html>" + SCRIPT,
]
OUTPUTS = f"""
import sys
from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display

script = {SCRIPT!r}
print(script)
print(script, file=sys.stderr)
display(HTML(script), Javascript("EVE_RUNS()"), Markdown(script), Latex(script))
display({{"text/html": script, "image/svg+xml": "<svg onload=EVE_RUNS()></svg>",
         "application/vnd.plotly.v1+json": {{}}, "text/plain": script,
         "application/vnd.jupyter.widget-view+json": {{"model_id": script}}}}, raw=True)
display({{"image/png": "x' onerror='EVE_RUNS()", "image/jpeg": script}}, raw=True)
print("\\x1b[38;2;1;2;3m" + script + "\\x1b[0m" + "\\x1b]8;;javascript:EVE_RUNS()\\x07")
raise RuntimeError(script)
"""
ANSWER = f"answer_rate = {SCRIPT!r}"
FUNCTION = f"def moved(weights, gradient, rate):\n    raise RuntimeError({SCRIPT!r})"
ANSI = "print('\\x1b[1mx\\x1b[0m' * 60_000)\nprint('x' * 400_000)\nprint('\\r' * 99_000)"


def with_markdown(document: dict) -> None:
    """Add text cells with everything that a browser would run."""
    text = {**copy.deepcopy(cells_of(document)["intro"])}
    document["cells"] += [
        {**text, "id": f"text-{number}", "source": element}
        for number, element in enumerate(ELEMENTS)
    ]


def with_coloured_cells(document: dict) -> None:
    """Add cells whose outputs cost much time to colour."""
    cell = cells_of(document)["first"]
    document["cells"] += [{**copy.deepcopy(cell), "id": f"ansi-{i}"} for i in range(9)]


RUNS = (r"<script>EVE", r"<[^>]*\son\w+\s*=[^>]*EVE_RUNS", r"<[^>]*javascript:EVE", r"<svg onload")
LOADS = (r"<(link|style|iframe|form)[^>]*EVE_RUNS",)

CASES = [
    Case(
        "scripts",
        first=OUTPUTS,
        answers={"number": ANSWER, "function": FUNCTION},
        mutate=with_markdown,
        earns={"q_number": 0.0, "q_function": 0.0},
        page=RUNS + LOADS,
    ),
    Case("colours", first=ANSI, mutate=with_coloured_cells, seconds=90),
]
