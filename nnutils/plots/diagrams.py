"""Drawings of what is connected to what: circuits of gates, networks of neurons."""

from itertools import count

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import Circle

from nnutils.circuit import Value
from nnutils.numerics import as_floats
from nnutils.plots.style import BLUE, ORANGE, plain


def circuit(gates, values=None, gradients=None, ax=None):
    """Draw a circuit: inputs on the left, each gate a circle, numbers on the wires.

    The value of a wire stands above it, and the slope of the output with respect to it below,
    behind an arrow that points back.

    Parameters
    ----------
    gates : dict
        For each gate, under the name of its output wire, its symbol and the wires that it
        reads: ``{"q": ("+", "x", "y"), "f": ("*", "q", "z")}``.
    values, gradients : dict of str to float, optional
        Numbers to write on the wires.
    ax : matplotlib Axes
        Where to draw; a new figure of fitting height when left out.

    Raises
    ------
    ValueError
        If the gates form a loop.

    Notes
    -----
    Built in: circuits (the values), gradients (the slopes).
    """
    place, step = _places(gates)
    radius = _radius(step)
    columns, rows = np.array(list(place.values())).T
    tail = 0.95 if step < 1.5 else 1.2  # of the wire that leaves the circuit
    across, up = (-0.4, columns.max() + tail + 0.45), (rows.min() - 0.5, rows.max() + 0.5)
    if ax is None:
        width = 5.4 * max(1, np.ptp(across) / 11.55)
        height = width * np.ptp(up) / max(np.ptp(across), 4.5)
        _, ax = plt.subplots(figsize=(width, round(height + 0.1, 1)))
    for out, (symbol, *inputs) in gates.items():
        x, y = place[out]
        for number, wire in enumerate(inputs):
            apart = (0.25 - 0.5 * number) * (inputs.count(wire) > 1)
            start = radius * (wire in gates)
            corners = _wire(place[wire], place[out], start, radius, apart)
            ax.plot(*corners, color="black", linewidth=1.2)
        ax.add_patch(Circle((x, y), radius, fill=False))
        size = {1: 13, 2: 12}.get(len(symbol), 8.5)
        ax.text(x, y, symbol, ha="center", va="center_baseline", fontsize=size)
    read = {wire for _, *inputs in gates.values() for wire in inputs}
    for wire, (x, y) in place.items():
        if wire not in gates:
            ax.text(x - 0.1, y, wire, ha="right", va="center", style="italic")
        elif wire not in read:
            ax.plot([x + radius, x + tail], [y, y], color="black", linewidth=1.2)
            ax.text(x + tail + 0.1, y, wire, ha="left", va="center", style="italic")
    ax.set(xlim=across, ylim=up)
    ax.set_aspect("equal")
    ax.set_axis_off()
    readings(gates, values or {}, gradients or {}, ax)


def readings(gates, values, gradients, ax):
    """Write values and gradients on the wires of a circuit that is drawn already.

    With 3 or 4 digits, as room allows; less than 0.0001 is written as ≈0.
    """
    place, step = _places(gates)
    deepest = max(x for x, _ in place.values()) / step  # the more gates in a row, the less room
    long, short = (4, 4) if deepest < 4 else (3, 3) if deepest < 5 else (3, 2)
    for numbers, digits, sign, shift, anchor, colour in (
        (values, long, "", 0.03, "bottom", BLUE),
        (gradients, short, "← " if deepest < 4 else "←\N{THIN SPACE}", -0.05, "top", ORANGE),
    ):
        for wire, number in numbers.items():
            value = as_floats(number, f"The number on {wire!r}")
            if wire not in place or value.size != 1:
                raise ValueError(
                    f"Got {number!r:.200} for the wire {wire!r}. Pass one number for a wire of the "
                    f"circuit: {', '.join(map(str, place))}."
                )
            number = value.item()
            x, y = place[wire]
            x += _radius(step) + 0.03 if wire in gates else 0.02
            zeros = max(0, -np.floor(np.log10(abs(number) or 1)) - 1)  # behind the point
            small = 0 < abs(number) < 1e-4
            text = sign + ("≈0" if small else plain(number, max(1, int(digits - zeros))))
            ax.text(x, y + shift, text, ha="left", va=anchor, color=colour)


def dot(gates):
    """Return a circuit in the DOT language, which Graphviz and other tools draw.

    ``gates`` is what ``circuit`` takes. Built in: circuits.
    """
    _readable(gates)
    lines = ["digraph {", "  rankdir=LR"]
    for out, (symbol, *inputs) in gates.items():
        lines.append(f'  "{out}" [label="{out} = {symbol}"]')
        lines += [f'  "{wire}" -> "{out}"' for wire in inputs]
    return "\n".join([*lines, "}"])


def trace(output, **names):
    """Return what ``circuit`` draws of a circuit of values: (gates, values, gradients).

    Parameters
    ----------
    output : nnutils.circuit.Value
    **names : nnutils.circuit.Value
        A name for each input of the circuit, and for any other wire of it.

    Returns
    -------
    tuple of three dicts
        A number that is not a value is part of its gate: ``x + 3`` is a gate ``"+3"``.

    Raises
    ------
    TypeError
        If something else than a value is given.
    ValueError
        If an input has no name, a named value is not in the circuit or has two names, or there
        is no gate.

    Notes
    -----
    The gradients are those of the last call of ``backward``. Built in: backprop.
    """
    for name, value in {"output": output, **names}.items():
        if not isinstance(value, Value):
            raise TypeError(
                f"trace reads circuits of Values, but {name} is {value!r} "
                f"({type(value).__name__}). Make the inputs with Value(...)."
            )
    wires, name_of = {output}, {}
    waiting = [output]
    while waiting:
        new = set(waiting.pop().inputs) - wires
        wires |= new
        waiting += new
    for name, value in names.items():
        if value not in wires or value in name_of:
            why = f"is {name_of[value]!r}, too" if value in name_of else "is not in the circuit"
            raise ValueError(f"The value named {name!r} {why}. Name each wire once.")
        name_of[value] = name
    free = (f"g{n}" for n in count(1) if f"g{n}" not in names)
    order = sorted(wires, key=lambda value: value.age)
    for value in order:
        if not value.inputs and value not in name_of:
            raise ValueError(
                f"The circuit reads {value!r}, which has no name. "
                "Name every input: trace(output, x=x, y=y)."
            )
        if value not in name_of:
            last = value is output and "out" not in names
            name_of[value] = "out" if last else next(free)
    if not output.inputs:
        raise ValueError(f"{name_of[output]!r} is an input: there is no gate to draw.")
    gates = {
        name_of[value]: (_symbol(value), *(name_of[wire] for wire in value.inputs))
        for value in order
        if value.inputs
    }
    values = {name_of[value]: value.data for value in order}
    return gates, values, {name_of[value]: value.grad for value in order}


def _symbol(value):
    """Return the symbol of the gate that made a value, with the number that is part of it."""
    symbol = {"*": "×", "-": "−", "sigmoid": "σ"}.get(value.gate, value.gate)
    if len(value.inputs) == 2 or value.gate not in ("+", "-", "*", "/", "**"):
        return symbol
    x, out, slope = value.left.data, value.data, value.to_left
    if value.gate == "+" or (value.gate == "-" and slope > 0):
        text = f"{out - x:+.4g}"
    elif value.gate == "-":
        text = "−" if out == -x else f"{out + x:.4g}−"
    elif value.gate == "*":
        text = f"×{slope:.4g}"
    elif value.gate == "/":
        # The slope of number / x can be too small for a float; that of x / number cannot.
        is_below = slope == 0 or (x and slope * out * x < 0)
        text = f"{out * x:.4g}/" if is_below else f"/{1 / slope:.4g}"
    elif x == 0 or out == 0:
        text = "**"  # the exponent cannot be told
    else:
        power = f"{slope * x / out + 0.0:.4g}"  # adding 0 turns -0 into 0
        text = {"2": "²", "3": "³"}.get(power, f"**{power}")
    return text.replace("-", "−")


def _places(gates):
    """Return ({wire: (x, y)}, width of a column).

    A gate stands one column right of its furthest input, in the middle of its inputs, but not
    on another gate or on a wire that goes on to a later one.
    """
    _readable(gates)
    names = list(dict.fromkeys(w for out, (_, *ins) in gates.items() for w in (*ins, out)))
    rows = {wire: -float(row) for row, wire in enumerate(w for w in names if w not in gates)}
    columns, waiting, column = dict.fromkeys(rows, 0), dict(gates), 0
    while waiting:
        ready = {o: ins for o, (_, *ins) in waiting.items() if all(w in rows for w in ins)}
        if not ready:
            raise ValueError(f"The gates {sorted(waiting)} feed each other in a loop.")
        column += 1
        later = {w for out, (_, *ins) in waiting.items() if out not in ready for w in ins}
        taken = [rows[w] for w in later if w in rows]
        for out, ins in ready.items():
            middle = sum(rows[w] for w in ins) / len(ins)
            taken.append(_nearest_free(middle, taken))
            del waiting[out]
        rows |= dict(zip(ready, taken[-len(ready) :]))
        columns |= dict.fromkeys(ready, column)
    step = 1.4 if column < 4 else 1.9
    return {wire: (step * columns[wire], rows[wire]) for wire in rows}, step


def _readable(gates):
    """Refuse what is no table of gates."""
    table = isinstance(gates, dict) and len(gates) > 0
    if not table or not all(isinstance(g, (tuple, list)) and len(g) > 1 for g in gates.values()):
        raise ValueError(
            f"Got the gates {gates!r:.200}. Pass, for each gate, the name of its output wire, its "
            "symbol and the wires that it reads: {'q': ('+', 'x', 'y')}."
        )


def _radius(step):
    return 0.2 if step < 1.5 else 0.26


def _nearest_free(row, taken):
    """Return the nearest row that keeps its distance from those that are taken."""
    for shift in np.arange(0, len(taken) + 1, 0.25):
        for free in (row + shift, row - shift):
            if all(abs(free - t) >= 0.75 for t in taken):
                return float(free)


def _wire(start, end, start_radius, radius, apart):
    """Return the corners of a wire, rim to rim: level while the numbers need room, then slanted.

    ``apart`` raises the last bend, so that two wires between the same places can be told apart.
    """
    (x0, y0), x1 = start, end[0]
    bend = np.array([x1 - (0.3 if apart else 0.4), y0 + apart])
    x2, y2 = end + radius / np.hypot(*(bend - end)) * (bend - end)
    return [x0 + start_radius, x1 - 0.4, bend[0], x2], [y0, y0, bend[1], y2]


def network(sizes, ax=None):
    """Draw a network: a column for each layer, its size below, a wire for each weight.

    Inputs are dots, because they compute nothing; neurons are circles.

    Parameters
    ----------
    sizes : sequence of int
        How many inputs there are, then how many neurons in each layer.
    ax : matplotlib Axes
        Where to draw; a new figure when left out.

    Raises
    ------
    ValueError
        If there are fewer than two sizes, or one is not between 1 and 12.

    Notes
    -----
    Built in: neurons.
    """
    sizes = list(sizes) if np.iterable(sizes) else [sizes]
    whole = all(isinstance(size, (int, np.integer)) and 1 <= size <= 12 for size in sizes)
    if len(sizes) < 2 or not whole:
        raise ValueError(
            f"Got the sizes {sizes}: give at least two, for the inputs and one layer, "
            "each from 1 to 12, so that the circles can be told apart."
        )
    if ax is None:
        _, ax = plt.subplots(figsize=(5.4, 1 + 0.5 * max(sizes)))
    columns = [
        [(1.8 * column, row - (size - 1) / 2) for row in range(size)]
        for column, size in enumerate(sizes)
    ]
    for left, right in zip(columns, columns[1:]):
        for start in left:
            for end in right:
                ax.plot(*zip(start, end), color="black", linewidth=0.8, zorder=1)
    below = -max(sizes) / 2 - 0.25
    for number, (size, column) in enumerate(zip(sizes, columns)):
        for place in column:
            colour, radius = (BLUE, 0.28) if number else ("black", 0.08)
            ax.add_patch(Circle(place, radius, color=colour, zorder=2))
        ax.text(column[0][0], below, str(size), ha="center", va="center")
    ax.set(xlim=(-0.6, 1.8 * len(sizes) - 1.2), ylim=(below - 0.3, max(sizes) / 2))
    ax.set_aspect("equal")
    ax.set_axis_off()
