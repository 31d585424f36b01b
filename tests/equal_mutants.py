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
    "gradients.maximum_gradient": {
        "return (1, 0) if x >= y else (0, 1)": "Equal numbers have been returned before.",
        "return np.clip(..., -1, 1)": "The slopes are 0, a half and 1.",
        "return np.float32(...)": "A float32 holds 0, a half and 1 exactly.",
        "return np.round(..., 6)": "The slopes 0, a half and 1 are round.",
    },
    "gradients.best_step": {
        "return abs(...)": "The top of the parabola is never behind the start.",
    },
    "gradients.agrees": {
        "gap = np.abs(derived - measured).max()": "The magnitude is the same.",
    },
    # backprop
    "backprop.fork_gradient": {
        "dy += x * dq; dx += y * dq": "The two lines do not need each other.",
        "dy, dx = (dp, dp)": "Both get the same number.",
        "dx, dy = (q, dp)": "The pull dp is q.",
        "dx, dy = (dp, q)": "The pull dp is q.",
        "dx += y * p": "The pull dq is p.",
        "dy += x * p": "The pull dq is p.",
    },
    "backprop.max_backward": {
        "return [share if number >= top else 0 for number in numbers]": "None is above the top.",
    },
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
