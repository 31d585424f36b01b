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
    "neurons.parameters": {
        "return abs(...)": "A count is never negative.",
    },
    "neurons.xor_net": {
        **dict.fromkeys(
            (
                f"{name} = neuron(x1, x2, {numbers})"
                for name, several in {
                    "at_least_one": "21, 20, -10; 19, 20, -10; 40, 20, -10; 20, 21, -10; "
                    "20, 19, -10; 20, 40, -10; 20, 20, -11; 20, 20, -9; 20, 20, -0",
                    "both": "21, 20, -30; 19, 20, -30; 20, 21, -30; 20, 19, -30; 20, 20, -31; "
                    "20, 20, -29",
                }.items()
                for numbers in several.split("; ")
            ),
            "Other lines between the same corners are as right.",
        ),
        **dict.fromkeys(
            (
                f"return neuron(at_least_one, both, {numbers}) > 0.5"
                for numbers in ("21, -20, -10", "19, -20, -10", "20, -21, -10", "20, -19, -10")
                + ("20, -40, -10", "20, -20, -11", "20, -20, -9")
            ),
            "Many other weights of the output solve XOR as well.",
        ),
        **dict.fromkeys(
            (
                "at_least_one = neuron(20, x2, x1, 20, -10)",
                "at_least_one = neuron(x1, 20, 20, x2, -10)",
                "both = neuron(20, x2, x1, 20, -30)",
                "both = neuron(x1, 20, 20, x2, -30)",
                "return neuron(20, both, at_least_one, -20, -10) > 0.5",
                "return neuron(at_least_one, -20, 20, both, -10) > 0.5",
            ),
            "An input times a weight is the weight times the input.",
        ),
        "both = neuron(x2, x1, 20, 20, -30)": "'Both' weighs its two inputs alike.",
        "both = neuron(x1, x2, 20, 20, -30); at_least_one = neuron(x1, x2, 20, 20, -10)": (
            "The two hidden neurons do not need each other."
        ),
        "return neuron(at_least_one, both, 20, -20, -10) >= 0.5": (
            "The output is never exactly one half."
        ),
    },
    # activations
    "activations.slopes_from_outputs": {
        "return np.clip(..., -1, 1)": "Both slopes lie between 0 and 1.",
    },
    "activations.mended_tanh": {
        "return np.clip(..., -1, 1)": "All values of tanh lie between -1 and 1.",
    },
    "activations.leaky": {
        "return (np.where(z >= 0, z, leak * z), np.where(z > 0, 1, leak))": (
            "At 0 both sides have the value 0."
        ),
    },
    "activations.count_dead": {"return abs(...)": "A count is never negative."},
    "activations.stable_softmax": {
        "e = -np.exp(x - np.max(x, axis=axis, keepdims=True))": (
            "The minus stands above and below the line."
        ),
        "return abs(...)": "Shares are never negative.",
        "return np.clip(..., -1, 1)": "Shares lie between 0 and 1.",
    },
    # losses
    "losses.mean_cross_entropy": {
        "picked = p[np.arange(len(labels)), labels]": "There are as many labels as samples.",
        "return abs(...)": "This loss is never negative.",
    },
    "losses.entropies": {
        "p = p[p != 0]": "Probabilities are never negative.",
        "p *= np.log(1 / p); nats = np.sum(p)": "The p that is changed is a new array already.",
    },
    "losses.cross_entropy_gradient": {
        "slopes = softmax(logits, axis=-1)": "The last of two axes is axis 1.",
        **dict.fromkeys(
            (
                "return slopes / len(logits)",
                "return slopes / len(slopes)",
                "slopes[np.arange(len(logits)), labels] -= 1",
                "slopes[np.arange(len(slopes)), labels] -= 1",
            ),
            "There are as many labels as samples.",
        ),
        "return np.clip(..., -1, 1)": "A probability minus 0 or 1 lies between -1 and 1.",
    },
    "losses.hinge_gradient": {
        **dict.fromkeys(
            (
                "return np.where(lacking, -labels, 0) / len(lacking)",
                "return np.where(lacking, -labels, 0) / len(scores)",
            ),
            "There are as many labels as scores.",
        ),
        "return np.clip(..., -1, 1)": "The slopes lie between -1 and 1.",
    },
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
    "momentum.find_momentum": {
        "return (velocity - slopes[-1]) / slopes[0]": "The last of two slopes is number 1.",
        "return abs(...)": "A momentum is never negative.",
        "return np.clip(..., -1, 1)": "A momentum is below 1.",
    },
    "momentum.clip_length": {
        "return grad * most / length if length >= most else grad": (
            "At exactly this length the factor is 1."
        ),
    },
    "momentum.mended_moves": {
        "mean, result = (-0.0, [])": "Minus 0 is 0.",
        "mean, result = (0, [])": "0 is 0.0 as soon as a square is added.",
    },
    # initialization
    "initialization.different_units": {
        **dict.fromkeys(
            (
                f"return np.unique(np.vstack([{rows}]), axis=1).shape[1]"
                for rows in ("b, W, V.T", "W, V.T, b", "-W, b, V.T", "W, -b, V.T", "W, b, -V.T")
            ),
            "Neither the order nor the sign of rows decides which columns are alike.",
        ),
        "return np.unique(-np.vstack([W, b, V.T]), axis=1).shape[1]": (
            "The sign does not decide which columns are alike."
        ),
        "return np.unique(np.vstack([W, b, V.T]), axis=-1).shape[1]": "The last axis is axis 1.",
        "return np.unique(np.vstack([W, b, V.T]), axis=1).shape[-1]": "The last axis is axis 1.",
        "return abs(...)": "A count is never negative.",
    },
    "initialization.leaky_variance": {"return abs(...)": "A variance is never negative."},
    # classifier
    "classifier.blame": {
        "wrong = (logits > 0) != (targets > 0); losses = softplus(logits) - targets * logits": (
            "The two lines do not need each other."
        ),
        **dict.fromkeys(
            (
                "losses = -(softplus(logits) - targets * logits)",
                "losses = targets * logits - softplus(logits)",
            ),
            "A share does not change if all losses change their sign.",
        ),
        "wrong = (logits > 0) != (targets != 0)": "Targets are 0 and 1.",
        "return abs(...)": "A share is never negative.",
        "return np.clip(..., -1, 1)": "A share is never above 1.",
    },
    "classifier.crossing": {
        **dict.fromkeys(
            (
                *(f"for _ in range({n}):" for n in ("50 + 1", "50 - 1", "51", "49", "100")),
                "for _ in list(range(50))[1:]:",
                "for _ in list(range(50))[:-1]:",
            ),
            "After so many halvings the range is as narrow as rounding allows.",
        ),
        **dict.fromkeys(
            ("return high", "return middle"), "After 50 halvings the three are the same."
        ),
        "side = score(low) >= 0": "The score is not 0 at the ends.",
        "if (score(middle) >= 0) == side:": "A middle where the score is 0 is the answer.",
    },
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
    "digits.coin": {
        **dict.fromkeys(
            (
                f"tail = sum((math.comb(n, i) for i in range(k, {end}))) / 2 ** n"
                for end in ("n + 1 + 1", "n + 2")
            ),
            "Nobody has n + 1 heads in n throws.",
        ),
        "return abs(...)": "A probability is never negative.",
        "return np.clip(..., -1, 1)": "A probability is never above 1.",
    },
}
