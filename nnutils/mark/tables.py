"""The marks of a class as a table for a spreadsheet, and as a page that needs no script."""

import csv
import html
import io
from collections import Counter, defaultdict

from nnutils.exercises import CHAPTERS, find
from nnutils.mark.marks import MISSING, MISTAKE, NOT_YET, RIGHT, STOPPED

WORDS = (RIGHT, MISTAKE, NOT_YET, STOPPED, MISSING)
COUNTED = {MISTAKE: "with a known mistake", NOT_YET: "not yet right"}
STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --soft: #59636e; --line: #d0d7de;
  --right: #d8f3dc; --mistake: #ffe3c2; --not-yet: #fdf1b8; --stopped: #f6d5dd; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --paper: #16191d; --soft: #a3adb8;
  --line: #3d444d; --right: #1d4428; --mistake: #5b3712; --not-yet: #4c4413; --stopped: #5c2334; } }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; color: var(--ink);
  background: var(--paper); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; } h3 { margin: 2rem 0 0; }
p { margin: .25rem 0 .5rem; } .soft { color: var(--soft); }
ol { margin: .5rem 0; padding-left: 1.75rem; } li { margin: .5rem 0; }
summary { cursor: pointer; } meter { width: 8rem; max-width: 40%; vertical-align: -.1em; }
.note { min-width: 16rem; white-space: normal; }
:focus-visible { outline: 3px solid #2f7de1; outline-offset: 2px; } a { color: inherit; }
.scroll { overflow-x: auto; border: 1px solid var(--line); }
table { border-collapse: collapse; font-size: .875rem; overflow-wrap: normal; }
caption { text-align: left; padding: .5rem; color: var(--soft); }
th, td { border: 1px solid var(--line); padding: .25rem .5rem; text-align: left;
  vertical-align: top; } td { white-space: nowrap; }
tbody th { position: sticky; left: 0; background: var(--paper); max-width: 12rem; }
thead th { vertical-align: bottom; }
.right { background: var(--right); } .mistake { background: var(--mistake); }
.not-yet { background: var(--not-yet); } .stopped { background: var(--stopped); }
.not-attempted { color: var(--soft); }
@media (max-width: 30rem) { tbody th { position: static; } }
@media print { .scroll { overflow: visible; } td { white-space: normal; }
  th, td { print-color-adjust: exact; } }
"""


def exercises(rows):
    """Return the exercises of all chapters that somebody handed in, in the course's order."""
    found = {name for row in rows for name in row.marks}
    return [
        f"{chapter}.{key}"
        for chapter in CHAPTERS
        for key in find(chapter).EXERCISES
        if f"{chapter}.{key}" in found
    ]


def table(rows):
    """Return the text of a CSV file: a row for each student, a column for each exercise.

    What a spreadsheet would take for a formula, such as a name that begins with =, gets a ' before
    it. A cell is empty where a student has not handed in the chapter.
    """
    names, text = exercises(rows), io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["student", "right", *names, "note"])
    for row in rows:
        marks = [_cell(row.marks.get(name)) for name in names]
        right = sum(mark.word == RIGHT for mark in row.marks.values())
        writer.writerow([_harmless(row.student), right, *marks, _harmless(row.note)])
    return text.getvalue()


def counts(total):
    """Return '3 right, 1 stopped' for a Counter of words."""
    return ", ".join(f"{total[word]} {COUNTED.get(word, word)}" for word in WORDS if total[word])


def _cell(mark):
    if mark is None:
        return ""
    return f"{MISTAKE}: {mark.why}" if mark.word == MISTAKE else mark.word


def _harmless(text):
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    return f"'{text}" if text.lstrip()[:1] in tuple("=+-@") else text


def page(rows):
    """Return a page of HTML: what the class misunderstands, then the table."""
    names = exercises(rows)
    total = Counter(mark.word for row in rows for mark in row.marks.values())
    said = counts(total) or "nothing to mark"
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Marks of a class</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>",
        "<h1>Marks of a class</h1>",
        f"<p>{_many(len(rows), 'student')}, {_many(len(names), 'exercise')}: {said}. "
        '<a href="#table">To the table of all students.</a></p>',
        "<h2>What the class misunderstands</h2>",
        *(_exercise(name, rows) for name in names),
        '<h2 id="table">Who has what</h2>',
        *_table(rows, names),
        "</main>\n</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _exercise(name, rows):
    """Return the section of one exercise: the mistakes by how many made them."""
    marks = [(row.student, row.marks[name]) for row in rows if name in row.marks]
    count = Counter(mark.word for _, mark in marks)
    lines = [
        f'<h3 id="{name}">{name}</h3>',
        f'<p class="soft">{counts(count)}</p>',
    ]
    who = defaultdict(list)
    for student, mark in marks:
        if mark.word in (MISTAKE, NOT_YET, STOPPED):
            who[mark.word, mark.why].append(student)
    made = sorted(who.items(), key=lambda item: (WORDS.index(item[0][0]), -len(item[1]), item[0]))
    known = [item for item in made if item[0][0] == MISTAKE]
    if known:
        lines.append("<ol>")
        lines += [_mistake(name, i, *item, len(marks)) for i, item in enumerate(known, 1)]
        lines.append("</ol>")
    if other := made[len(known) :]:
        number = sum(len(students) for _, students in other)
        lines.append(f"<details><summary>{_many(number, 'other answer')}</summary>\n<ul>")
        for (word, why), students in other:
            told = f"<b>{word}</b>: {html.escape(why)}" if why else f"<b>{word}</b>"
            lines.append(f'<li>{told}<br><span class="soft">{_people(students)}</span></li>')
        lines.append("</ul></details>")
    return "\n".join(lines)


def _mistake(name, number, kind, students, total):
    share = f"{len(students)} of {total}"
    return (
        f'<li id="{name}-{number}">{html.escape(kind[1])}\n<details><summary><b>{share}</b> '
        f'<meter max="{total}" value="{len(students)}" low="0.5" optimum="0" aria-hidden="true">'
        f"</meter></summary>{_people(students)}</details></li>"
    )


def _table(rows, names):
    """Give the lines of the table, in a box that scrolls."""
    numbers = _numbers(rows, names)
    yield '<div class="scroll" role="region" aria-labelledby="caption" tabindex="0">'
    yield "<table>"
    yield (
        '<caption id="caption">A mistake has the number that it has above. An empty cell: the '
        "chapter was not handed in.</caption>"
    )
    heads = [f'<th scope="col"><a href="#{name}">{_breakable(name)}</a></th>' for name in names]
    yield (
        f'<thead><tr><th scope="col">student</th><th scope="col">right</th>{"".join(heads)}'
        '<th scope="col">note</th></tr></thead>\n<tbody>'
    )
    for row in rows:
        cells = [_mark(name, row.marks.get(name), numbers) for name in names]
        right = sum(mark.word == RIGHT for mark in row.marks.values())
        yield (
            f'<tr><th scope="row"><bdi>{html.escape(row.student)}</bdi></th><td>{right}</td>'
            f'{"".join(cells)}<td class="note">{html.escape(row.note)}</td></tr>'
        )
    yield "</tbody>\n</table>\n</div>"


def _numbers(rows, names):
    """Return {(exercise, sentence): number of the mistake on the page}."""
    found = {}
    for name in names:
        made = Counter(
            row.marks[name].why
            for row in rows
            if name in row.marks and row.marks[name].word == MISTAKE
        )
        ordered = sorted(made, key=lambda why: (-made[why], why))
        found.update({(name, why): i for i, why in enumerate(ordered, 1)})
    return found


def _mark(name, mark, numbers):
    if mark is None:
        return "<td></td>"
    text = mark.word
    if mark.word == MISTAKE:
        number = numbers[name, mark.why]
        text = f'<a href="#{name}-{number}">mistake {number}</a>'
    return f'<td class="{mark.word.replace(" ", "-")}">{text}</td>'


def _breakable(name):
    return name.replace(".", ".<wbr>").replace("_", "_<wbr>")


def _people(students):
    return ", ".join(f"<bdi>{html.escape(student)}</bdi>" for student in students)


def _many(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"
