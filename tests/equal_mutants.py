"""Mutants of the printed solutions that are no wrong answers, each with the reason.

``tests/mutants.py`` makes them. The key of a mutant is the line that it changes; the reason says
why no case can tell it from the solution.
"""

EQUAL = {
    # circuits
    "circuits.distance": {"return abs(...)": "A distance is never negative."},
    "circuits.best_try": {
        "for i in list(range(len(outputs)))[1:]:": "Position 0 is the best so far already.",
        "return abs(...)": "A position is never negative.",
    },
    "circuits.climb": {
        "if out >= best_out:": "Random nudges never give the best output once more.",
    },
    # gradients
    # backprop
    # neurons
    # activations
    # losses
    # gradient-descent
    # sgd
    # learning-rate
    # momentum
    # initialization
    # classifier
    # digits
}
