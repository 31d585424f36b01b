"""Exercises and quiz of the chapter *The Python of this course*."""

import numpy as np

from nnutils.exercises import Exercise, Question


class Rain:
    """Some millimetres of rain."""

    def __init__(self, mm):
        self.mm = mm

    def __repr__(self):
        return f"Rain({self.mm})"


def _wet_days(rain, limit=0):
    return [sum(mm > limit for mm in days) for days in rain.values()]


def _smooth(rain):
    smoothed = list(rain)
    for i in range(1, len(rain) - 1):
        smoothed[i] = (rain[i - 1] + rain[i] + rain[i + 1]) / 3
    return smoothed


def _smooth_same_list(rain):
    smoothed = rain
    for i in range(1, len(rain) - 1):
        smoothed[i] = (rain[i - 1] + rain[i] + rain[i + 1]) / 3
    return smoothed


def _smooth_on(rain):
    return _smooth_same_list(list(rain))


def _minus_in_place(self, other):
    self.mm -= other.mm
    return self.mm


def _minus_means(table):
    table -= table.mean(axis=1, keepdims=True)
    return table


EXERCISES = {
    "already": Exercise(
        solution=(32, 40, 4, 9, 0.5),
        mistakes={
            "In the first line zip goes through both lists at the same time: 1 times 4, 2 times 5, "
            "3 times 6.": (90, 40, 4, 9, 0.5),
            "In the second line [1::2] starts at entry 1, the 20, and takes every second one.": (
                32,
                50,
                4,
                9,
                0.5,
            ),
            "In the second line [1::2] means from entry 1 on, in steps of 2. A stop would stand "
            "between the colons.": (32, 20, 4, 9, 0.5),
            "In the third line x takes the 7; rest is what is left, 8 and 9.": (
                *(32, 40, 6),
                *(9, 0.5),
            ),
            "In the third line rest holds two numbers, and scale is 2 when nobody says "
            "otherwise.": (32, 40, 2, 9, 0.5),
            "In the fourth line axis=0 adds down the columns: 5, 7, 9. You added along the rows.": (
                32,
                40,
                4,
                15,
                0.5,
            ),
            "In the fourth line [-1] is the last of the three sums.": (32, 40, 4, 5, 0.5),
            "In the fifth line the mean is taken of False and True, which count as 0 and 1, not of "
            "the numbers.": (32, 40, 4, 9, 2),
            "In the fifth line the mean is taken of False and True, not of the entries that are "
            "larger than 2.": (32, 40, 4, 9, 4),
        },
    ),
    "wet_days": Exercise(
        solution=_wet_days,
        cases=(
            '{"hill": [9, 0, 4], "lake": [3, 0, 0]}',
            '{"hill": [9, 0, 4], "lake": [3, 5, 5]}, 4',
            '{"port": [0, 0.5, 1, 2]}',
            "{}",
            '{"port": []}, 2',
            '{"hill": [0.5, 0.2, 7, 8], "lake": [0.1, 0.6, 0, 0.4], "port": [2, 2, 2, 2]}, 0.3',
        ),
        mistakes={
            "A day with exactly the limit does not count: only more than the limit "
            "does.": lambda rain, limit=0: [
                sum(mm >= limit for mm in days) for days in rain.values()
            ],
            "This is how much rain fell; the question is on how many days.": (
                lambda rain, limit=0: [sum(mm for mm in d if mm > limit) for d in rain.values()]
            ),
            "You compare with 0 whatever the limit is.": lambda rain, limit=0: _wet_days(rain),
            "These are the days with less rain than the limit.": lambda rain, limit=0: [
                sum(mm < limit for mm in days) for days in rain.values()
            ],
            "These are the days that are not wet.": lambda rain, limit=0: [
                sum(mm <= limit for mm in days) for days in rain.values()
            ],
            "You count all days of a town, wet or dry.": lambda rain, limit=0: [
                len(days) for days in rain.values()
            ],
            "This is the number for all towns together; return a list with one for each "
            "town.": lambda rain, limit=0: sum(_wet_days(rain, limit)),
            "These are the amounts on the wet days. Count them.": lambda rain, limit=0: [
                [mm for mm in days if mm > limit] for days in rain.values()
            ],
            "A loop over a dictionary goes over its keys, here the towns. The lists are "
            "rain.values().": lambda rain, limit=0: [
                sum(mm > limit for mm in days) for days in rain
            ],
            "Give limit the value 0 in the line with def, so that a call without it works.": (
                lambda rain, limit: _wet_days(rain, limit)
            ),
        },
    ),
    "difference": Exercise(
        solution=lambda self, other: self.mm - other.mm,
        cases=(
            "Rain(8), Rain(3)",
            "Rain(3), Rain(8)",
            "Rain(2), Rain(2)",
            "Rain(0), Rain(0.5)",
            "Rain(1 / 3), Rain(1 / 7)",
        ),
        mistakes={
            "self stands left of the minus, other right of it. Yours is the other way "
            "round.": lambda self, other: other.mm - self.mm,
            "A difference may be negative: Rain(3) - Rain(8) is -5.": lambda self, other: abs(
                self.mm - other.mm
            ),
            "This is the sum.": lambda self, other: self.mm + other.mm,
            "You return the millimetres of self alone.": lambda self, other: self.mm,
            "Return the number of millimetres alone, without Rain( ).": lambda self, other: Rain(
                self.mm - other.mm
            ),
            "Your -= changes the Rain that was passed. Use a minus alone.": _minus_in_place,
            "Python knows no minus between two Rains yet: it is what you write here. Take the "
            "numbers out of them, with .mm.": lambda self, other: self - other,
        },
    ),
    "centred": Exercise(
        solution=lambda table: table - table.mean(axis=1, keepdims=True),
        cases=(
            "np.array([[1.0, 2.0, 3.0], [4.0, 4.0, 10.0]])",
            "np.array([[0.0, 2.0], [4.0, 8.0]])",
            "np.array([[5.0]])",
            "np.array([[1, 2, 4], [0, 0, 3]])",
            "np.random.default_rng(0).normal(3, 2, (3, 5))",
            "np.random.default_rng(1).normal(0, 9, (6, 2))",
        ),
        mistakes={
            "You subtract the mean of each column. A row is a town: its mean is taken along the "
            "row, with axis=1.": lambda t: t - t.mean(axis=0),
            "You subtract one mean, that of the whole table. Each row has its own.": lambda t: (
                t - t.mean()
            ),
            "You subtract the sum of each row, not its mean.": lambda t: (
                t - t.sum(axis=1, keepdims=True)
            ),
            "The means of the rows need the shape (rows, 1), or they are laid along the rows: "
            "add keepdims=True.": lambda t: t - t.mean(axis=1),
            "The signs are turned around: take the mean away from the entries.": lambda t: (
                t.mean(axis=1, keepdims=True) - t
            ),
            "You divide by the mean; subtract it.": lambda t: t / t.mean(axis=1, keepdims=True),
            "These are the means alone.": lambda t: t.mean(axis=1, keepdims=True),
            "Your new table holds whole numbers, as the old one does, and cuts off the fractions. "
            "Make it with .astype(float).": lambda t: (t - t.mean(axis=1, keepdims=True)).astype(
                t.dtype
            ),
            "Your -= changes the table that was passed. Make a new one, with a minus "
            "alone.": _minus_means,
        },
    ),
    "smooth": Exercise(
        solution=_smooth,
        cases=(
            ([0, 3, 0],),
            ([6, 0, 0, 6],),
            ([9, 0, 4, 12, 0],),
            ([2, 7],),
            ([5],),
            ([],),
            ([1.5, 0.5, 2.5, 3.5, 0.0, 1.0, 4.0],),
        ),
        mistakes={
            "The second name is still the same list: smoothing changes the list that was "
            "passed, and day 2 reads a day 1 that is smoothed already.": _smooth_same_list,
            "You copy, but then read the new list, where the day before is smoothed already. Read "
            "all three days from rain.": _smooth_on,
            "The first and the last day stay as they are; your list is without them.": lambda r: (
                _smooth(r)[1:-1]
            ),
            "This is the sum of three days; divide it by 3.": lambda r: (
                [*r[:1], *(sum(r[i - 1 : i + 2]) for i in range(1, len(r) - 1)), *r[1:][-1:]]
            ),
            "Each day looks at the two days before it and itself; take the day before and the day "
            "after.": lambda r: ([*r[:2], *(sum(r[i - 2 : i + 1]) / 3 for i in range(2, len(r)))]),
            "The first and the last day have a neighbor on one side only: they stay as they "
            "are.": lambda r: [sum(three) / 3 for three in zip([0, *r], r, [*r[1:], 0])],
            "This is the list that was passed, without any change.": list,
        },
    ),
}

QUIZ = (
    Question(
        "lake is [3, 0, 0, 8, 1]. What is lake[1:3]?",
        {
            "[3, 0]": "Counting starts at 0, so entry 1 is the second one.",
            "[0, 0, 8]": "The stop, entry 3, is not taken any more.",
            "[0, 0]": "Entries 1 and 2: the start is taken, the stop is not.",
            "[3, 0, 0]": "These are the first three, lake[:3].",
        },
        answer="[0, 0]",
    ),
    Question(
        "After copy = lake and copy.append(7), how many entries has lake, which had 5?",
        {
            "5, because only copy was changed": "There is one list, and both names lead to it. "
            "list(lake) would make a second one.",
            "6, because both names mean one list": "The sign = gives a name to a thing; it copies "
            "nothing.",
            "Python refuses, because lake is in use": "A thing may have as many names as you like, "
            "and any of them may change it.",
        },
        answer="6, because both names mean one list",
    ),
    Question(
        "rain has the shape (3, 5), and days has the shape (3,). What does rain - days give?",
        {
            "A table of shape (3, 5): each row minus its own entry of days": "It would if days had "
            "the shape (3, 1). Shapes are compared from their ends: 5 beside 3.",
            "A table of shape (3, 3)": "No entry is thrown away to make shapes fit.",
            "An error": "From their ends 5 stands beside 3, and neither is 1. days[:, None] has "
            "the shape (3, 1), and fits.",
        },
        answer="An error",
    ),
    Question(
        "share is defined by def share(numbers, limit=0). What does share([1, 4], 3) do?",
        {
            "It computes with limit 3.": "A second argument without a name goes to the second "
            "parameter. The 0 is used only when there is none.",
            "It computes with limit 0, since = fixes it.": "The 0 is a default: it is used when "
            "the call gives nothing for limit.",
            "It is an error: limit needs its name.": "It may be given by name, limit=3, but need "
            "not. Only what stands behind a star needs its name.",
        },
        answer="It computes with limit 3.",
    ),
    Question(
        "rng is a generator with the seed 0. What do two calls of rng.uniform() in a row give?",
        {
            "The same number twice, since the seed is 0": "The seed says where the draws begin, "
            "not that they repeat. A new generator from the same seed begins again.",
            "Two numbers that change with every run": "The seed fixes all draws of this generator. "
            "Every run gives the same two.",
            "Two different numbers, the same two in every run": "Each draw goes on where the last "
            "one ended, and the seed fixes the whole row of them.",
        },
        answer="Two different numbers, the same two in every run",
    ),
)
GUESSES = {
    "axis": Question(
        "rain has 3 rows, the towns, and 5 columns, the days. What does rain.sum(axis=0) give?",
        {
            "3 numbers, one for each town": "That is axis=1. Axis 0 runs down the rows, and it is "
            "the axis that is added up and goes away.",
            "5 numbers, one for each day": "Axis 0 runs down the rows. It is added up and goes "
            "away, and the 5 columns are left.",
            "1 number, the sum of all": "That is rain.sum(), without an axis.",
        },
        answer="5 numbers, one for each day",
    ),
}
