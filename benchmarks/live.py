"""Live knobs beside drawing the whole figure anew

A notebook runs in a Jupyter kernel up to a knob of the course. Then the kernel gets the message
that a browser sends when a slider moves by one position, again and again. The time is the processor
time of the kernel from that message until it has sent everything and is idle; the bytes are those
of all messages that it sends, as JSON. Beside it, in the same kernel, stands the same figure as
`ipywidgets.interact` would have it: the code that makes the figure and the code that draws what
moves run at every turn, and `plt.show()` sends the picture, once as PNG and once as SVG.

- `turn_inputs` of the chapter *circuits* moves a point over a map.
- `turn_batch` of the chapter *sgd* moves up to six lines on three pairs of axes. About a
  third of its time is the chapter's own function, which works out some 200 losses at each turn.
"""

import ast
import json
from itertools import cycle
from pathlib import Path
from textwrap import indent
from time import clock_gettime

import nbformat
import numpy as np
from jupyter_client.manager import run_kernel

from benchmarks.report import short, table, take_turns, verdict

BOOK = Path(__file__).parents[1] / "book"
ROUNDS = 21
TARGET = 0.03
CASES = [("circuits", "turn_inputs"), ("sgd", "turn_batch")]
FORMAT = "from matplotlib_inline.backend_inline import set_matplotlib_formats as f; f({!r})"

ANEW = """
from ipywidgets import SelectionSlider, interact

dials = {{
    name: SelectionSlider(options=list(zip(s.texts, s.values)), index=s.start)
    for name, s in dict({sliders}).items()
}}

@interact(**dials)
def redraw({parameters}):
{body}
    print({function}({parameters}))
    plt.show()
"""


def anew(cell):
    """Return the code of a cell with a knob, as it would be for interact."""
    *statements, function = ast.parse(cell).body
    [knob] = function.decorator_list
    function.decorator_list = []
    figure = next(n for n, one in enumerate(statements) if "plt.subplot" in ast.unparse(one))
    return "\n".join(map(ast.unparse, statements[:figure])) + ANEW.format(
        sliders=", ".join(ast.unparse(one) for one in knob.keywords if one.arg != "drag"),
        parameters=ast.unparse(function.args),
        body=indent("\n".join(map(ast.unparse, [*statements[figure:], function])), "    "),
        function=function.name,
    )


def answers(client, message):
    """Return all messages that the kernel sends because of one, until it is idle."""
    client.shell_channel.send(message)
    sent = []
    while not sent or sent[-1]["content"].get("execution_state") != "idle":
        answer = client.get_iopub_msg(timeout=120)
        if answer["parent_header"].get("msg_id") == message["header"]["msg_id"]:
            sent.append(answer)
        if answer["msg_type"] == "error":
            raise RuntimeError("\n".join(answer["content"]["traceback"]))
    return sent


def run(client, code):
    """Run code in the kernel; return (id, number of positions) of each slider that it makes."""
    request = client.session.msg("execute_request", {"code": code})
    opened = [a["content"] for a in answers(client, request) if a["msg_type"] == "comm_open"]
    sliders = [one for one in opened if "index" in one["data"]["state"]]
    return [(one["comm_id"], len(one["data"]["state"]["_options_labels"])) for one in sliders]


def clock_of(client):
    """Return the number of the clock that shows the kernel's processor time; Linux has one."""
    request = client.session.msg("execute_request", {"code": "import os\nprint(os.getpid())"})
    [said] = [a["content"]["text"] for a in answers(client, request) if a["msg_type"] == "stream"]
    return ~int(said) << 3 | 2  # as clock_getcpuclockid of the C library makes it from a process


def turns(client, clock, slider, prepare, sizes):
    """Return a function that makes the next turn of a slider and returns its seconds."""
    name, positions = slider
    places = cycle(range(positions))

    def turn():
        run(client, prepare)
        data = {"method": "update", "state": {"index": next(places)}, "buffer_paths": []}
        message = client.session.msg("comm_msg", {"comm_id": name, "data": data})
        start = clock_gettime(clock)
        sent = answers(client, message)
        took = clock_gettime(clock) - start
        sizes.append(sum(len(json.dumps(one["content"])) for one in sent))
        return took

    return turn


def compare(chapter, function):
    """Return a row for each way to answer a turn of the first knob of a picture."""
    notebook = nbformat.read(BOOK / f"{chapter}.ipynb", as_version=4)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    place = next(n for n, cell in enumerate(cells) if f"def {function}(" in cell)
    with run_kernel(cwd=BOOK) as client:
        for cell in cells[:place]:
            run(client, cell)
        ways = {
            "live knob": (cells[place], ""),
            "interact, PNG": (anew(cells[place]), FORMAT.format("png")),
            "interact, SVG": (anew(cells[place]), FORMAT.format("svg")),
        }
        sizes = {way: [] for way in ways}
        clock = clock_of(client)
        runs = [
            turns(client, clock, run(client, code)[0], prepare, sizes[way])
            for way, (code, prepare) in ways.items()
        ]
        medians, ratios = take_turns(runs, ROUNDS)
    rows = []
    for (way, size), took, ratio in zip(sizes.items(), medians, ratios):
        judged = verdict(ratio, TARGET) if way != "live knob" else ["", ""]
        row = [f"`{function}`", way, short(took * 1e3), short(ratio), *judged]
        rows.append([*row, short(np.median(size) / 1e3)])
    return rows


def measure():
    """Return the section's table."""
    rows = [row for case in CASES for row in compare(*case)]
    head = [
        "picture",
        "way",
        "ms a turn",
        "ratio of the live knob",
        "target",
        "result",
        "kB a turn",
    ]
    return [f"Medians of {ROUNDS} turns of the picture's first slider.", table(head, rows)]
