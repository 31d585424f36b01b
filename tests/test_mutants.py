"""No wrong answer passes: the check refuses every mutant of every printed solution."""

import pytest

from tests.equal_mutants import EQUAL, OPEN
from tests.mutants import BENT, ROUNDED, answers, mutants
from tests.printed import EXERCISES


@pytest.mark.parametrize("name", [name for name in EXERCISES if name not in OPEN])
def test_every_mutant_is_refused_unless_it_is_equal(name):
    said = list(answers(name))
    assert len(said) >= 8, "There are hardly any mutants: can this test fail?"
    passing = {line for line, words in said if words.startswith("Correct")}
    equal = set(EQUAL.get(name, ()))
    assert not passing - equal, "Wrong answers pass. Add cases that refuse them."
    assert not equal - passing, "Listed as equal, but refused, or not made any more."


def test_what_is_called_equal_has_an_exercise_and_a_reason():
    for name, listed in EQUAL.items():
        assert name in EXERCISES
        for reason in listed.values():
            assert len(reason.split()) >= 4
            assert reason.endswith(".")


def test_the_lists_of_equal_mutants_stand_in_the_order_of_the_exercises():
    assert list(EQUAL) == [name for name in EXERCISES if name in EQUAL]


FUNCTION = "def f(a, b):\n    return {}"


@pytest.mark.parametrize(
    ("expression", "made"),
    [
        ("a + b", "a - b; a * b; a / b; a ** b; a; b; -a + b; -(a + b); a + a; b + b"),
        ("a - b", "a + b; b - a"),
        ("(a - b) / (2 * b)", "a - b / (2 * b); (a - b) / 2 * b; (a - b) / (3 * b)"),
        ("a - (b + 2)", "a - b + 2; a - b; a - (b + 1)"),
        ("-(a + b)", "-a + b; a + b"),
        ("a ** 2", "a ** 3; a ** 1; a * 2; a ** 4; a ** 0; a ** (-2); 2 ** a"),
        ("a < b", "a <= b; a > b; a >= b; a == b; a != b; True; False"),
        ("a and b", "a or b; a; b"),
        ("not a", "a"),
        ("a if b else 0", "a; 0; 0 if b else a"),
        ("True", "False"),
        ("abs(a)", "a; -abs(a)"),
        ("max(a, b)", "min(a, b); sum(a, b); max(a); a; max(-a, b)"),
        ("np.mean(a, axis=0)", "np.mean(a); np.sum(a, axis=0); np.std(a, axis=0)"),
        ("np.mean(a, axis=0)", "np.mean(a, axis=1); np.median(a, axis=0); np.max(a, axis=0)"),
        ("a.copy()", "a"),
        ("a.T @ b", "a @ b; a.T * b; b @ a.T"),
        ("g(a, b)", "g(b, a); g(a); a; g(-a, b); g(a, -b)"),
        ("a[b]", "a[b + 1]; a[b - 1]; a"),
        ("a[1:]", "a[1 + 1:]; a[1 - 1:]; a[:]; a[1:-1]"),
        ("a[::-1][:b]", "a[:][:b]; a[::-1][:b + 1]; a[::-1][1:b]; a[::-1][:]"),
        ("(a, b)", "(b, a); (-a, b); (a, -b)"),
        ("range(a)", "range(a + 1); range(a - 1)"),
        ("[x for x in a if x]", "[x for x in list(a)[1:] if x]; [x for x in a]"),
        ("[x for x in a if x]", "[x for x in list(a)[:-1] if x]"),
    ],
)
def test_mutants_of_an_expression(expression, made):
    lines = mutants(FUNCTION.format(expression)).values()
    assert {f"return {new}" for new in made.split("; ")} <= set(lines)


@pytest.mark.parametrize(
    ("body", "made"),
    [
        ("return a", ["a", "return b", "return -a", "pass"]),
        ("a = b\nreturn a", ["a += b", "without: a = b", "return a; a = b", "a = -b"]),
        ("a += b\nreturn a", ["a = b", "a -= b", "a *= b", "a += -b"]),
        (
            "for x in a:\n    b += x\nreturn b",
            ["for x in list(a)[1:]:", "for x in list(a)[:-1]:", "return b", "b -= x"],
        ),
        (
            "for x in a:\n    b += x\n    a = b\nreturn b",
            ["a = b; b += x", "a = b", "without: a = b"],
        ),
        ("if a:\n    b = 1\nreturn b", ["if not a:", "b = 1"]),
        ("return a - b", ["a -= b; return a", "a[:] = a - b; return a"]),
        ("x = a * b\nreturn x", ["a *= b; x = a"]),
        ("return a", [f"return {form.format('...')}" for form in BENT + ROUNDED]),
    ],
)
def test_mutants_of_statements(body, made):
    source = "def f(a, b):\n" + "\n".join(f"    {line}" for line in body.split("\n"))
    lines = set(mutants(source, ["a"], BENT + ROUNDED).values())
    assert set(made) <= lines


def test_mutants_of_numbers():
    assert set(mutants("pair = (-2, 3)").values()) == {
        f"pair {sign} {new}"
        for sign, new in [
            ("+=", "(-2, 3)"),
            ("=", "(3, -2)"),
            *(("=", f"(-{n}, 3)") for n in (1, 3, 4, 0)),
            *(("=", f"(-2, {n})") for n in (2, 4, 6, 0, -3)),
            ("=", "(2, 3)"),
            ("=", "-(-2, 3)"),
            ("=", "(--2, 3)"),
        ]
    }


def test_no_mutant_is_the_solution_and_none_comes_twice():
    source = FUNCTION.format("max(a, b) - 2 * a")
    made = mutants(source)
    assert source not in made
    assert len(set(made)) == len(made)
