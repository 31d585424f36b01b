"""Multiple-choice questions that explain every choice, in HTML and CSS alone.

No script is needed: each explanation waits in the page and appears beside the choice that is
checked. So a quiz answers on a built page without JavaScript, in a notebook, and by keyboard.
"""

from html import escape

from IPython.display import display

from nnutils.exercises import find

_STYLE = """<style>
.quiz fieldset {border: 1px solid #8888; border-radius: .4em; margin: 0 0 1em; padding: .4em 1em}
.quiz legend {float: none; width: auto; margin: 0; padding: 0 .3em; font-size: 1em;
 font-weight: 600}
.quiz label {display: inline; margin: 0 0 0 .3em}
.quiz input {accent-color: currentColor}
.quiz .choice {margin: .35em 0}
.quiz .why {display: none; margin: .4em 0; padding: .2em .8em; border-left: .25em solid}
%s {display: block}
</style>"""


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
    display({"text/html": to_html(chapter, questions), "text/plain": words}, raw=True)


def to_html(chapter, questions):
    """Return the quiz as HTML; every text in it is escaped."""
    rows = range(1, 1 + max(len(q.choices) for q in questions))
    shown = ",\n".join(
        f".quiz .choice:has(:checked):nth-of-type({i}) ~ div .why:nth-of-type({i})" for i in rows
    )
    body = "".join(_fieldset(f"{chapter}-{n}", n, q) for n, q in enumerate(questions, 1))
    return f'{_STYLE % shown}\n<form class="quiz" autocomplete="off">\n{body}</form>'


def _fieldset(name, number, question):
    choices = "".join(
        f'<p class="choice"><input type="radio" name="quiz-{name}" id="quiz-{name}-{i}">'
        f'<label for="quiz-{name}-{i}">{escape(choice)}</label></p>\n'
        for i, choice in enumerate(question.choices)
    )
    whys = "".join(
        f'<p class="why"><strong>{"Right." if choice == question.answer else "Not quite."}</strong>'
        f" {escape(why)}</p>\n"
        for choice, why in question.choices.items()
    )
    return (
        f"<fieldset><legend>{number}. {escape(question.text)}</legend>\n"
        f'{choices}<div aria-live="polite">{whys}</div></fieldset>\n'
    )
