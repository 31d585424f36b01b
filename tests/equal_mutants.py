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
    # sgd
    # learning-rate
    # momentum
    "momentum.adam_moves": {
        "squares, mean, result = (0.0, 0.0, [])": "Both start at 0.",
        "mean, squares, result = (-0.0, 0.0, [])": "Minus 0 is 0.",
        "mean, squares, result = (0.0, -0.0, [])": "Minus 0 is 0.",
        "mean, squares, result = (0, 0.0, [])": "0 is 0.0 as soon as a slope is added.",
        "mean, squares, result = (0.0, 0, [])": "0 is 0.0 as soon as a square is added.",
        "squares = beta2 * squares + (1 - beta2) * g ** 2; mean = beta1 * mean + (1 - beta1) * g": (
            "The two means do not depend on each other."
        ),
        "right_mean = mean / (1 - beta1 ** t); squares = beta2 * squares + (1 - beta2) * g ** 2": (
            "The squares do not depend on the corrected mean."
        ),
        "right_squares = squares / (1 - beta2 ** t); right_mean = mean / (1 - beta1 ** t)": (
            "The two corrections do not depend on each other."
        ),
    },
    # initialization
    "initialization.start_variance": {
        "return 2 / n_in if name <= 'relu' else 1 / n_in": (
            "The other two names, selu and tanh, come after relu in the alphabet."
        ),
        "return abs(...)": "A variance is never negative.",
    },
    "initialization.leaky_variance": {"return abs(...)": "A variance is never negative."},
    # classifier
    "classifier.right_share": {
        "return np.mean((scores > 0) == (labels >= 0))": "No label is 0.",
        "return np.mean((scores > 0) == (labels > -1))": "No label lies between -1 and 0.",
        "return abs(...)": "A share is never negative.",
        "return np.clip(..., -1, 1)": "A share is never above 1.",
    },
    "classifier.objective": {"return abs(...)": "Hinges and squares are never negative."},
    "classifier.first_layer": {
        "d_z = d_scores * W2.T * (z > 0)": (
            "With a single output the matrix product is broadcasting."
        ),
    },
    # digits
    "digits.shares_right": {
        "classes = range(logits.shape[1]); right = np.argmax(logits, axis=1) == labels": (
            "The two lines do not depend on each other."
        ),
        "return [*shares, np.mean(right)]": "A list holds the same numbers as an array.",
        "classes = range(logits.shape[-1])": "The logits have two axes: the last is axis 1.",
        "right = np.argmax(logits, axis=-1) == labels": "The last of the two axes is axis 1.",
        "return abs(...)": "A share is never negative.",
        "return np.clip(..., -1, 1)": "A share is never above 1.",
    },
    "digits.stop": {
        "best, kept = (float('inf'), 1)": "The first loss is below infinity, and sets kept.",
        "best, kept = (float('inf'), -1)": "The first loss is below infinity, and sets kept.",
        "elif epoch - kept == patience:": "The epoch grows by one: it cannot jump over patience.",
    },
    "digits.counts": {
        "full, every = (samples // batch_size, math.ceil(samples / batch_size)); "
        "parameters = sum((n_in * n_out + n_out for n_in, n_out in zip(sizes, sizes[1:])))": (
            "The two lines do not depend on each other."
        ),
    },
    "digits.only_one": {
        "second = np.argmax(others, axis=1) == labels; "
        "first = np.argmax(logits, axis=1) == labels": "The two lines do not depend on each other.",
        "first = np.argmax(logits, axis=-1) == labels": "The last of the two axes is axis 1.",
        "second = np.argmax(others, axis=-1) == labels": "The last of the two axes is axis 1.",
    },
    "digits.suspects": {
        "losses = logsumexp(logits, axis=-1) - own": "The last of the two axes is axis 1.",
        "own = logits[np.arange(len(logits)), labels]": "There is a label for each row of logits.",
        "return abs(...)": "A position is never negative.",
    },
}
