"""Mutants of the printed solutions that are no wrong answers, each with the reason.

``tests/mutants.py`` makes them. The key of a mutant is the line that it changes; the reason says
why no case can tell it from the solution.
"""

EQUAL = {
    # circuits
    # gradients
    # backprop
    # neurons
    # activations
    # losses
    # gradient-descent
    "gradient-descent.nudged_gradient": {
        "slopes = -np.zeros(len(net.theta))": "Every entry is written before it is returned.",
        "slopes = np.ones(len(net.theta))": "Every entry is written before it is returned.",
        "slopes[i] += (above - below) / (2 * h)": "Each entry is 0 before.",
        "slopes[i] = (above - below) / (2 * h); net.theta[i] = here": (
            "Neither of the two lines needs the other."
        ),
    },
    "gradient-descent.dense_back": {
        "d_biases = np.sum(d_y, axis=0); d_weights = x.T @ d_y": (
            "Neither of the two lines needs the other."
        ),
        "d_x = d_y @ weights.T; d_biases = np.sum(d_y, axis=0)": (
            "Neither of the two lines needs the other."
        ),
    },
    # sgd
    "sgd.count_updates": {"return abs(...)": "A count is never negative."},
    "sgd.feed": {
        "order = rng.permutation(len(y))": "x and y have the same length.",
        "for start in range(0, len(order), size):": "The order has the length of x.",
        "for start in range(0, len(y), size):": "x and y have the same length.",
    },
    "sgd.noise": {
        "squares = np.sum((full - gradients) ** 2, axis=1)": "A square forgets the sign.",
        "squares = np.sum((gradients - full) ** 2, axis=-1)": "The last of two axes is axis 1.",
        "return abs(...)": "A root is never negative.",
    },
    "sgd.scaled_rate": {"return abs(...)": "Rates and sizes are above 0."},
    "sgd.largest_batch": {"return abs(...)": "max with 0 is never negative."},
    # learning-rate
    "learning-rate.largest_rate": {
        "a, b = (2 * np.mean(x ** 2), -(2 * np.mean(x)))": (
            "Turning x around turns the valley around, and leaves its curvatures."
        ),
        "a, b = (2 * np.mean(x ** 2), -2 * np.mean(x))": (
            "Turning x around turns the valley around, and leaves its curvatures."
        ),
        "a, b = (2 * np.mean(x ** 2), 2 * np.mean(-x))": (
            "Turning x around turns the valley around, and leaves its curvatures."
        ),
        "return 2 / np.linalg.eigvalsh([[a, b], [b, 2]])[1]": "The last of two is number 1.",
        "return 2 / np.linalg.eigvalsh([[a, b], [b, 2]])[--1]": "The last of two is number 1.",
        "return 2 / np.linalg.eigvalsh([[a, -b], [b, 2]])[-1]": (
            "eigvalsh reads only the lower triangle."
        ),
        "return 2 / np.linalg.eigvalsh([[a, a], [b, 2]])[-1]": (
            "eigvalsh reads only the lower triangle."
        ),
        "return 2 / np.linalg.eigvalsh([[a, b], [-b, 2]])[-1]": (
            "The sign beside the diagonal does not change the eigenvalues."
        ),
        "return abs(...)": "The largest eigenvalue is at least 2.",
        "return np.clip(..., -1, 1)": "An eigenvalue of at least 2: a limit of at most 1.",
    },
    "learning-rate.updates_needed": {
        "updates, left = (0, 1); if factor >= 1:; return float('inf')": (
            "Neither of the two lines needs the other."
        ),
        "factor = abs(rate * curvature - 1)": "abs forgets the sign.",
        "return abs(...)": "A count is never negative.",
        "return np.float32(...)": "A float32 holds such whole numbers exactly.",
        "return np.round(..., 6)": "A count is a whole number.",
    },
    "learning-rate.halving": {"return abs(...)": "Rates are above 0."},
    "learning-rate.choose_rate": {
        "for rate, loss in list(zip(rates, losses))[:-1]:": (
            "Whether the last loss explodes or none does, the last rate is taken."
        ),
        "return abs(...)": "Rates are above 0.",
    },
    # momentum
    # initialization
    # classifier
    # digits
}
