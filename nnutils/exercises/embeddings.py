"""Exercises and quiz of the chapter *Embeddings*."""

import numpy as np

from nnutils.exercises import Exercise, Question
from nnutils.numerics import sigmoid


def some_rows(n, k, seed):
    """Return rounded normal rows: one of n numbers, another one, and k more."""
    drawn = np.round(np.random.default_rng(seed).normal(size=(2 + k, n)), 2)
    return drawn[0], drawn[1], drawn[2:]


def _pull(u, v, drawn, real=1, other=0):
    return (sigmoid(u @ v) - real) * v + (sigmoid(drawn @ u) - other) @ drawn


def _slopes(n_words, sentence, pull, each=None):
    slopes = np.zeros((n_words, len(pull)))
    np.add.at(slopes, sentence, pull / (each or len(sentence)))
    return slopes


def _once(n_words, sentence, pull):
    slopes = np.zeros((n_words, len(pull)))
    slopes[sentence] += pull / len(sentence)
    return slopes


def _everywhere(n_words, sentence, pull):
    return np.tile(pull / len(sentence), (n_words, 1))


def _unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _alike(rows):
    return np.sum(_unit(rows) @ _unit(rows).T, axis=1)


def _far(rows):
    return np.sum(np.linalg.norm(rows[:, None] - rows, axis=2), axis=1)


def _best(together, alone, k, share):
    return np.log(together / (alone * k * share))


_PAPER = "np.array([1.0, 1.0]), np.array([np.log(3), 0.0]), np.array([[1.0, -1.0]])"

EXERCISES = {
    "pull_on_middle": Exercise(
        solution=_pull,
        cases=(
            _PAPER,
            "np.array([0.0, 0.0]), np.array([2.0, 4.0]), np.array([[6.0, 0.0], [0.0, 8.0]])",
            "*some_rows(3, 5, 0)",
            "*some_rows(2, 1, 1)",
        ),
        mistakes={
            "This is the way uphill: all signs are turned around.": lambda u, v, drawn: (
                -_pull(u, v, drawn)
            ),
            "You take the mean over the drawn words. Each of them pulls for itself: add up.": (
                lambda u, v, drawn: (
                    (sigmoid(u @ v) - 1) * v + sigmoid(drawn @ u) @ drawn / len(drawn)
                )
            ),
            "For a drawn word the target is 0, so its slope is p. You take 1 for all.": (
                lambda u, v, drawn: _pull(u, v, drawn, other=1)
            ),
            "For a drawn word the slope is p, not 1 - p.": lambda u, v, drawn: (
                (sigmoid(u @ v) - 1) * v + (1 - sigmoid(drawn @ u)) @ drawn
            ),
            "For the real neighbor the target is 1, so its slope is p - 1, not p.": (
                lambda u, v, drawn: _pull(u, v, drawn, real=0)
            ),
            "That is the pull on the row of the neighbor. Its factor is u; asked for is the pull "
            "on u.": lambda u, v, drawn: (sigmoid(u @ v) - 1) * u,
            "The factor of u in a drawn word's logit is the row of that word. You take u.": (
                lambda u, v, drawn: (sigmoid(u @ v) - 1) * v + np.sum(sigmoid(drawn @ u)) * u
            ),
            "The drawn words are missing. Each has a logit of its own with u in it.": (
                lambda u, v, drawn: (sigmoid(u @ v) - 1) * v
            ),
            "The real neighbor is missing.": lambda u, v, drawn: sigmoid(drawn @ u) @ drawn,
            "You subtract the targets from the products. They belong to the probabilities, the "
            "sigmoids of the products.": lambda u, v, drawn: (u @ v - 1) * v + (drawn @ u) @ drawn,
            "That is the pull of the mean over all words. Here the losses are added up.": (
                lambda u, v, drawn: _pull(u, v, drawn) / (1 + len(drawn))
            ),
            "Only the last of the drawn words counts here. Add up what all of them say: +=, "
            "not =.": lambda u, v, drawn: _pull(u, v, drawn[-1:]),
            "A logit is one number, the sum of the products: u @ v, not u * v.": (
                lambda u, v, drawn: (
                    (sigmoid(u * v) - 1) * v + np.sum(sigmoid(drawn * u) * drawn, axis=0)
                )
            ),
            "Each drawn word has a probability of its own. Yours is one for all of them.": (
                lambda u, v, drawn: _pull(u, v, np.sum(drawn, axis=0)[None])
            ),
        },
    ),
    "sentence_slopes": Exercise(
        solution=_slopes,
        cases=(
            "3, np.array([1, 2]), np.array([2.0, 4.0])",
            "4, np.array([3, 0, 3]), np.array([3.0, -6.0])",
            "2, np.array([1, 1, 1, 1]), np.array([8.0])",
            "3, np.array([2, 1, 0]), np.array([1.0, -0.5])",
            "5, np.array([4, 2, 2, 0, 2]), np.array([1.0, 0.5, -2.0])",
            "5, np.array([0, 2, 0]), np.array([2, 5])",
        ),
        mistakes={
            "A word that stands in the sentence twice gets its slope once. `slopes[sentence] += "
            "...` writes only once for each row.": _once,
            "The vector of the sentence is a mean: each word has only a part of the pull.": (
                lambda n_words, sentence, pull: _slopes(n_words, sentence, pull, 1)
            ),
            "You divide by the number of different words. The mean is over all places.": (
                lambda n_words, sentence, pull: _slopes(
                    n_words, sentence, pull, len(np.unique(sentence))
                )
            ),
            "You give every row a slope. A word that is not there gets none.": _everywhere,
            "You divide by the number of all words. The mean is over the words of the sentence.": (
                lambda n_words, sentence, pull: _slopes(n_words, sentence, pull, n_words)
            ),
            "np.zeros_like, or the dtype of the pull, holds whole numbers where the pull "
            "does, and cuts off fractions.": lambda n_words, sentence, pull: _slopes(
                n_words, sentence, pull
            ).astype(pull.dtype),
            "The table has n_words rows, also behind the last word that the sentence has.": (
                lambda n_words, sentence, pull: _slopes(max(sentence) + 1, sentence, pull)
            ),
            "This is a row for each place of the sentence. The table has one for each word.": (
                lambda n_words, sentence, pull: np.tile(pull / len(sentence), (len(sentence), 1))
            ),
            "Words are numbered from 0: row 0 belongs to word 0.": lambda n_words, sentence, pull: (
                np.roll(_slopes(n_words, sentence, pull), -1, axis=0)
            ),
            "The table is turned: a row belongs to a word, and a column to one of its "
            "numbers.": lambda n_words, sentence, pull: _slopes(n_words, sentence, pull).T,
        },
    ),
    "odd_one_out": Exercise(
        solution=lambda rows: np.argmin(_alike(rows)),
        cases=(
            "np.array([[1.0, 0.0], [1.0, 0.2], [1.0, 5.0]])",
            "np.array([[1.0, 0.0], [9.0, 0.5], [0.0, 1.0]])",
            "np.array([[0.0, 1.0], [2.0, 0.1], [3.0, 1.0], [1.0, 0.4]])",
            "some_rows(5, 6, 0)[2]",
            "some_rows(3, 4, 1)[2]",
            "some_rows(8, 9, 2)[2]",
            "np.array([[1.0, 0.1], [1.0, 0.0], [1.0, 0.6], [1.0, 0.2]])",
            "np.array([[-1.0, 2.0], [1.0, -2.0], [4.0, 3.0], [0.0, -2.0], [-2.0, 3.0]])",
        ),
        mistakes={
            "You compare products. A long row has large products with all: divide each row by its "
            "length first.": lambda rows: np.argmin(np.sum(rows @ rows.T, axis=1)),
            "That is the word that fits best.": lambda rows: np.argmax(_alike(rows)),
            "You look at distances. A row that is twice as long, in the same direction, is as "
            "similar as before.": lambda rows: np.argmax(_far(rows)),
            "You compare all with the first word. It may be the odd one itself.": (
                lambda rows: np.argmin(_unit(rows) @ _unit(rows)[0])
            ),
            "That is its similarity. Asked for is the number of its row.": (
                lambda rows: np.min(_alike(rows))
            ),
            "You divide one row of each two by its length. Both have to be divided.": (
                lambda rows: np.argmin(np.sum(rows @ _unit(rows).T, axis=1))
            ),
            "You divide each row by its length, but not those with which you compare it.": (
                lambda rows: np.argmin(np.sum(_unit(rows) @ rows.T, axis=1))
            ),
            "You take the least similar pair, which says little about the others. Add up the "
            "similarities with all.": lambda rows: np.argmin(
                np.min(_unit(rows) @ _unit(rows).T, axis=1)
            ),
            "The sign counts: a row that points the other way has the similarity -1.": (
                lambda rows: np.argmin(np.sum(np.abs(_unit(rows) @ _unit(rows).T), axis=1))
            ),
            "You compare all with the last word. Compare each with all others.": lambda rows: (
                np.argmin(_unit(rows) @ _unit(rows)[-1])
            ),
            "Rows are counted from 0.": lambda rows: np.argmin(_alike(rows)) + 1,
            "This has divided columns by their length. The rows have to be divided: axis=1.": (
                lambda rows: np.argmin(
                    np.sum(
                        (rows / np.linalg.norm(rows, axis=0))
                        @ (rows / np.linalg.norm(rows, axis=0)).T,
                        axis=1,
                    )
                )
            ),
            "You begin the search for the smallest with 0, and a sum can lie above it. Begin with "
            "the first sum.": lambda rows: (
                np.argmin(_alike(rows)) if np.min(_alike(rows)) < 1 else 0
            ),
            "You add up angles. Asked for is the sum of the cosines.": lambda rows: np.argmax(
                np.sum(np.arccos(np.clip(_unit(rows) @ _unit(rows).T, -1, 1)), axis=1)
            ),
        },
    ),
    "best_product": Exercise(
        solution=_best,
        cases=(
            (30, 100, 5, 0.02),
            (30, 300, 5, 0.2),
            (60, 1000, 5, 1 / 44),
            (1, 1000, 2, 0.5),
            (7, 10, 20, 0.001),
            (10, 400, 5, 0.02),
            (20.5, 333, 3, 0.04),
        ),
        mistakes={
            "That is how many times as often the two are together. The product is its log.": (
                lambda together, alone, k, share: together / (alone * k * share)
            ),
            "For each pair k words are drawn, not one.": lambda together, alone, k, share: _best(
                together, alone, 1, share
            ),
            "That is the probability. The product is a logit: the log of real through drawn.": (
                lambda together, alone, k, share: together / (together + alone * k * share)
            ),
            "It is turned around: what is drawn more often than it is real gets a negative "
            "product.": lambda together, alone, k, share: -_best(together, alone, k, share),
            "A word is not drawn each time, but with its share.": (
                lambda together, alone, k, share: _best(together, alone, k, 1)
            ),
            "How often the middle word comes is missing: for each of its pairs words are drawn.": (
                lambda together, alone, k, share: _best(together, 1, k, share)
            ),
            "That is the log of its share among all neighbors. The drawn words are missing.": (
                lambda together, alone, k, share: np.log(together / alone)
            ),
            "In `a / b * c` Python divides by b alone. What is below the line needs brackets.": (
                lambda together, alone, k, share: np.log(together / alone * k * share)
            ),
            "You take the log to base 2. A logit goes with the natural log.": (
                lambda together, alone, k, share: _best(together, alone, k, share) / np.log(2)
            ),
            "You take the log to base 10. A logit goes with the natural log.": (
                lambda together, alone, k, share: _best(together, alone, k, share) / np.log(10)
            ),
            "That is the logit of its share among the real neighbors. The drawn words are "
            "missing.": lambda together, alone, k, share: np.log(together / (alone - together)),
            "For each pair k words are drawn. The pair itself is none of them.": (
                lambda together, alone, k, share: _best(together, alone, k + 1, share)
            ),
            "The share is a factor of how often it is drawn, so it stands below the line.": (
                lambda together, alone, k, share: np.log(together * share / (alone * k))
            ),
        },
    ),
    "which_fault": Exercise(
        solution=(4, 1, 5, 3, 2),
        mistakes={
            "B and E are swapped. Which of them cannot tell a real neighbor from a drawn word?": (
                4,
                2,
                5,
                3,
                1,
            ),
            "C and D are swapped. Which of them has hardly moved from its first loss, log 2 or "
            "0.69?": (4, 1, 3, 5, 2),
            "A and E are swapped. In E the signs of all products are turned around.": (
                2,
                1,
                5,
                3,
                4,
            ),
            "Look at C again: at a rate that is far too large the loss would jump about, and the "
            "products would be large.": (4, 1, 6, 3, 2),
            "Look at D again: it has learned how often each neighbor comes, but not beside which "
            "word. What makes its two products equal?": (4, 1, 5, 6, 2),
            "The faults are numbered from 1, and you count from 0.": (3, 0, 4, 2, 1),
        },
    ),
}

QUIZ = (
    Question(
        "An embedding of 44 words with 8 numbers each reads word 12. What does it compute?",
        {
            "A function of 12: word 13 gets nearly the same.": "The number is only a name. Row 13 "
            "has numbers of its own, which start at random.",
            "Row 12 of a table, which cannot learn.": "The rows are weights. A row that was taken "
            "gets a slope.",
            "What a dense layer without biases makes of a row with a single 1.": "The 1 stands at "
            "place 12, so the product is row 12 of the weights.",
        },
        answer="What a dense layer without biases makes of a row with a single 1.",
    ),
    Question(
        'In our text "small" and "young" never stand in one sentence. How similar are their rows?',
        {
            "Nearly equal": "They stand beside the same words, so the same pulls act on their "
            "rows.",
            "Not at all, since they are never neighbors": "A product of the middle row of one with "
            "the neighbor row of the other would be small. Two middle rows are compared here.",
            "That is left to chance": "It was 0.98 or more in all trainings with 16 numbers.",
        },
        answer="Nearly equal",
    ),
    Question(
        "Why is each real neighbor trained together with words that were drawn?",
        {
            "They are wrong answers, which never stand there.": "A drawn word may be a real "
            "neighbor, too. Then it is asked for 1 at one time and for 0 at another.",
            "Without them, one large product for all pairs would be perfect.": "With only 1 to "
            "learn, all rows may become equal. Drawn words say what would come by chance.",
            "They make similar words stand apart.": "Similar words are pulled in the same way, "
            "also by drawn ones.",
        },
        answer="Without them, one large product for all pairs would be perfect.",
    ),
    Question(
        "With 16 numbers a word, all 60 questions are answered. What do 32 numbers bring?",
        {
            "A better understanding of each word": "There is no question left, and the text says "
            "no more than before.",
            "Here, nothing but twice the work": "60 of 60 stay 60 of 60.",
            "Fewer right answers: it must overfit": "It might, with little text. Here it answers "
            "all 60, too.",
        },
        answer="Here, nothing but twice the work",
    ),
    Question(
        '"Puppy" minus "dog" plus "cat" is most similar to "kitten". What does that show?',
        {
            "That the network knows what a young animal is": "It has seen numbers in rows of "
            "five, and nothing else.",
            "That training found what plain counting cannot": "The rows of counts answer all "
            "questions as well.",
            "That, in the text, the four words have neighbors that fit together": "The young "
            "share neighbors, and so do the kinds. That is all, and it is in the counts.",
        },
        answer="That, in the text, the four words have neighbors that fit together",
    ),
)
GUESSES = {
    "numbers": Question(
        "Six kinds and two ages make twelve nouns. How many numbers a word are needed until "
        "nearly all of the 60 questions are answered?",
        {
            "2: one for the kind, one for the age": "With 2, it is about 11 of 60. On one line "
            "the six kinds would stand in an order, and the other 32 words need places, too.",
            "4": "With 4 it is about 16 of 60. The kinds cannot all be told apart yet.",
            "8": "58 of 60, in the mean over three seeds. With 16 it is all of them.",
            "32, nearly one for each word": "They do it, but 16 do it as well.",
        },
        answer="8",
    ),
    "products": Question(
        "The 44 by 44 products come from two tables. With 2 numbers in each row, which of the "
        "products will be right?",
        {
            "Those of words that are often together": "Such pairs lie to the right. Some of them "
            "are on the line, and others far below it.",
            "Hardly any: the points form a broad cloud.": "The correlation is about 0.4. Two "
            "numbers are too few to say beside which words each one stands.",
            "All of them, if training is long enough": "Two tables with 2 columns can make only "
            "few of all possible tables, however long you train.",
        },
        answer="Hardly any: the points form a broad cloud.",
    ),
}
