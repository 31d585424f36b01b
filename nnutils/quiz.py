"""Questions that explain every choice, in HTML and CSS alone: quizzes, and guesses before a knob.

No script is needed. Each choice has an explanation of its own that waits, folded, under a button;
the button of the chosen one is the one that shows. So to move among the choices tells nothing, and
a question answers on a built page without JavaScript, in a notebook, and by keyboard.
"""

import re
from html import escape
from zlib import crc32

from nnutils.exercises import find

# A row for each choice that a question may have.
_CHOSEN = ", ".join(
    f".quiz input:nth-of-type({row}):checked ~ div details:nth-of-type({row})"
    for row in range(1, 7)
)
_STYLE = """<style>
.quiz fieldset {display: grid; grid-template-columns: auto 1fr; gap: .2em .6em; min-width: 0;
 border: 1px solid #8888; border-radius: .4em; margin: 0 0 1em; padding: .8em 1em}
.quiz legend {float: left; grid-column: 1 / -1; width: auto; margin: 0 0 .3em; padding: 0;
 font-size: 1em; line-height: inherit; font-weight: 600}
.quiz input {width: 24px; height: 24px; margin: .1em 0; accent-color: currentColor}
.quiz label {display: block; min-height: 24px; margin: 0; padding: .1em 0}
.quiz .whys {grid-column: 1 / -1; margin: .4em 0 0}
.quiz .hint {margin: 0; line-height: 34px; opacity: .8}
.quiz input:checked ~ div .hint, .quiz details {display: none}
CHOSEN {display: block}
.quiz summary {display: inline-block; box-sizing: border-box; min-height: 34px; padding: 0 .9em;
 border: 1px solid; border-radius: .3em; line-height: 32px; font-weight: 600; cursor: pointer}
.quiz summary::-webkit-details-marker {display: none}
.quiz details[open] summary {padding: 0; border-color: transparent}
.quiz details[open] .check, .quiz details:not([open]) .verdict {display: none}
.quiz .mark {display: inline-block; width: 1.6em; margin-right: .5em; border-radius: .3em;
 line-height: 1.6em; text-align: center; color: #fff; background: #b3261e}
.quiz .why {margin: .2em 0 0; padding: .2em .8em; border-left: .3em solid #b3261e}
.quiz .right .mark {background: #1a7f4b}
.quiz .right .why {border-color: #1a7f4b}
@media print {
 .quiz fieldset {break-inside: avoid; counter-reset: choice why}
 .quiz .hint, .quiz summary .check {display: none !important}
 .quiz details {display: block; counter-increment: why}
 .quiz details::details-content {display: block; content-visibility: visible}
 .quiz summary .verdict {display: inline !important}
 .quiz summary {padding: 0; border-color: transparent}
 .quiz summary::before {content: counter(why, lower-alpha) ")  "}
 .quiz label {counter-increment: choice}
 .quiz label::before {content: counter(choice, lower-alpha) ")  "}
}
</style>""".replace("CHOSEN", _CHOSEN)


def quiz(chapter):
    """Show the questions of a chapter.

    Parameters
    ----------
    chapter : str
        Name of a module in ``nnutils.exercises``, such as ``"circuits"``.

    Raises
    ------
    ValueError
        If there is no such chapter; the message lists those that exist.
    """
    questions = find(chapter).QUIZ
    words = f"Quiz: {len(questions)} questions. Run this cell, or open the chapter's page."
    _show(quiz_html(chapter, questions), words)


def guess(name):
    """Ask what the next picture will show, before it shows it.

    Parameters
    ----------
    name : str
        Chapter and key of a question in its ``GUESSES``, such as ``"circuits.tries"``.

    Raises
    ------
    ValueError
        If there is no such chapter or question; the message lists those that exist.
    """
    chapter, _, key = str(name).partition(".")
    guesses = find(chapter).GUESSES
    if key not in guesses:
        raise ValueError(
            f"There is no guess {name!r}. Those of this chapter are "
            + ", ".join(f"'{chapter}.{k}'" for k in guesses)
            + "."
        )
    question = guesses[key]
    choices = "\n".join(f"- {choice}" for choice in question.choices)
    words = f"Predict first. {question.text}\n{choices}\nRun this cell to choose."
    _show(guess_html(name, question), words)


def _show(html, words):
    from IPython.display import display  # only where something is shown

    display({"text/html": html, "text/plain": words}, raw=True)


def quiz_html(chapter, questions):
    """Return a quiz as HTML; every text in it is escaped."""
    body = "".join(
        _fieldset(f"quiz-{chapter}-{n}", f"{n}. ", question, "Check")
        for n, question in enumerate(questions, 1)
    )
    return f'{_STYLE}\n<div class="quiz" data-quiz="{escape(chapter)}">\n{body}</div>'


def guess_html(name, question):
    """Return the question before a knob as HTML; every text in it is escaped."""
    ident = f"guess-{name}".replace(".", "-")
    body = _fieldset(ident, "Predict first. ", question, "This is my guess")
    return f'{_STYLE}\n<div class="quiz guess" data-guess="{escape(name)}">\n{body}</div>'


def _fieldset(name, lead, question, button):
    """Return a question. The digests in it tell a script which texts an answer belongs to."""
    choices = "".join(
        f'<input type="radio" name="{name}" id="{name}-{i}" value="{_digest(choice)}" '
        f'autocomplete="off"><label for="{name}-{i}">{escape(typeset(choice))}</label>\n'
        for i, choice in enumerate(question.choices)
    )
    whys = "".join(
        _explanation(choice == question.answer, why, button)
        for choice, why in question.choices.items()
    )
    return (
        f'<fieldset data-question="{_digest(question.text)}">'
        f"<legend>{lead}{escape(typeset(question.text))}</legend>\n{choices}"
        f'<div class="whys" aria-live="polite">'
        f'<p class="hint">Choose, then press “{button}”.</p>\n{whys}</div></fieldset>\n'
    )


def _explanation(right, why, button):
    kind, mark, verdict = ("right", "✓", "Right.") if right else ("wrong", "✗", "Not quite.")
    return (
        f'<details class="{kind}"><summary><span class="check">{button}</span>'
        f'<span class="verdict"><span class="mark" aria-hidden="true">{mark}</span>{verdict}</span>'
        f'</summary><p class="why">{escape(typeset(why))}</p></details>\n'
    )


def typeset(text):
    """Return a text with the signs of print: minus signs before numbers, and curly quotes."""
    text = re.sub(r"(?<![\w.-])-(?=\d)|(?<=\d )-(?= )|(?<= )-(?= \d)", "−", text)
    text = re.sub(r"(?<=[^\W\d_])'(?=[^\W\d_])", "’", text)
    for quote, pair in (("'", r"‘\1’"), ('"', r"“\1”")):  # not those of code, in brackets
        text = re.sub(rf"(?<![\w\[(=]){quote}([^{quote}]+){quote}(?![\])])", pair, text)
    return text


def _digest(text):
    return format(crc32(text.encode()), "08x")
