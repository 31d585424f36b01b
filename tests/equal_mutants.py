"""Mutants of the printed solutions that are no wrong answers, each with the reason.

``tests/mutants.py`` makes them. The key of a mutant is the line that it changes; the reason says
why no case can tell it from the solution.
"""

# Projects, which ask for a network that beats a number: of their solutions most mutants do. What
# has to be refused instead, tests/test_projects.py says.
OPEN = {"projects.counter", "projects.keeper", "projects.referee"}

EQUAL = {
    # python
    "python.wet_days": {
        "return np.float32(...)": "A float32 holds such whole numbers exactly.",
        "return np.round(..., 6)": "These counts are round.",
    },
    "python.centred": {
        "return table - table.mean(axis=-1, keepdims=True)": "The last of two axes is axis 1.",
    },
    "python.smooth": {
        "for i in range(1, len(smoothed) - 1):": "The copy is as long.",
        "smoothed[i] = (rain[i - 1] + rain[i] + smoothed[i + 1]) / 3": "It is smoothed later.",
        "smoothed[i] = (rain[i - 1] + smoothed[i] + rain[i + 1]) / 3": "It is not smoothed yet.",
    },
    # circuits
    "circuits.distance": {"return abs(...)": "A distance is never negative."},
    "circuits.depth": {
        "for out, (symbol, right, left) in gates.items():": "The order does not matter to max.",
        "return abs(...)": "A depth is never negative.",
    },
    "circuits.climb": {
        "if out >= best_out:": "Random nudges never give the best output once more.",
    },
    "circuits.best_output": {
        "if f(tried) >= best_out:": "An output that is as good as the best changes nothing.",
    },
    # gradients
    "gradients.forward_slopes": {
        "slopes = np.zeros(len(x)); here = f(x)": "The two lines do not need each other.",
        "slopes = -np.zeros(len(x))": "Every entry is overwritten.",
        "slopes = np.ones(len(x))": "Every entry is overwritten.",
        "nudge = -np.zeros(len(x))": "Minus zero is zero.",
        "nudge[i] += h": "The entry was 0 before.",
        "slopes[i] += (f(x + nudge) - here) / h": "The entry was 0 before.",
        "for i in range(len(slopes)):": "Both have the same length.",
        "nudge = np.zeros(len(slopes))": "Both have the same length.",
    },
    "gradients.distance_gradient": {
        "return (1, -1) if x >= y else (-1, 1)": "Equal numbers have been returned before.",
        "return np.clip(..., -1, 1)": "The slopes are 1, 0 and -1.",
        "return np.float32(...)": "A float32 holds 1, 0 and -1 exactly.",
        "return np.round(..., 6)": "The slopes 1, 0 and -1 are round.",
    },
    "gradients.best_step": {
        "return abs(...)": "The top of the parabola is never behind the start.",
    },
    "gradients.agrees": {
        "gap = np.abs(derived - measured).max()": "The magnitude is the same.",
    },
    # backprop
    "backprop.Value": {
        "made = 1": "The numbers have to rise, no more.",
        "made = -1": "The numbers have to rise, no more.",
        "Value.made += 2": "The numbers have to rise, no more.",
        "self.data, self.grad, self.serial = "
        "(float(data), 0.0, Value.made); Value.made += 1": "The numbers have to rise, no more.",
        "self.inputs, self.slopes = (inputs, slopes); self.data, self.grad, self.serial = "
        "(float(data), 0.0, Value.made)": "The two lines do not need each other.",
        "self.data, self.grad, self.serial = (data, "
        "0.0, Value.made)": "A whole number computes alike.",
        "self.data, self.grad, self.serial = "
        "(float(data), -0.0, Value.made)": "backward sets every slope to 0 first.",
        "self.data, self.grad, self.serial = "
        "(float(data), 1.0, Value.made)": "backward sets every slope to 0 first.",
        "self.data, self.grad, self.serial = "
        "(float(data), -1.0, Value.made)": "backward sets every slope to 0 first.",
        "self.data, self.grad, self.serial = "
        "(float(data), 0, Value.made)": "backward sets every slope to 0 first.",
        "return Value(self.data + other.data, (other, self), (1, 1))": "Both slopes of plus are 1.",
        "value.grad = 0": "It is 0 all the same.",
        "value.grad = -0.0": "It is 0 all the same.",
        "for wire in value.inputs:; if wire not in found:; found.add(wire); "
        "order.append(wire); value.grad = 0.0": "All are 0 before the sweep.",
        "if wire not in order:": "The list has what the set has.",
        "order.append(wire); found.add(wire)": "The two lines do not need each other.",
        "self.grad += 1.0": "The slope was 0 before.",
        "order.sort(key=lambda value: value.serial, "
        "reverse=True); self.grad = 1.0": "The two lines do not need each other.",
        "for value in list(order)[:-1]:": "The oldest value is an input of the circuit.",
        "self.grad = 1.0": "The output is the first in the list, and gets its 0 before.",
    },
    "backprop.fork_gradient": {
        "dy += x * dq; dx += y * dq": "The two lines do not need each other.",
        "dy, dx = (dp, dp)": "Both get the same number.",
        "dx, dy = (q, dp)": "The pull dp is q.",
        "dx, dy = (dp, q)": "The pull dp is q.",
        "dx += y * p": "The pull dq is p.",
        "dy += x * p": "The pull dq is p.",
    },
    "backprop.learn": {
        "dw2, dw1, db = (0, 0, 0)": "All three begin with 0.",
        "dw1, db, dw2 = (0, 0, 0)": "All three begin with 0.",
        "dw2 += x2 * dz; dw1 += x1 * dz": "The two lines do not need each other.",
        "db += dz; dw2 += x2 * dz": "The two lines do not need each other.",
    },
    # neurons
    "neurons.most_units": {
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
    "neurons.bump": {
        "down = height / (right - top); up = height / (top - left)": (
            "The two lines do not need each other."
        ),
    },
    # activations
    "activations.capped": {
        **dict.fromkeys(
            (
                "slopes = np.where(np.where(z <= cap, 1, 0), z > 0, 0)",
                "slopes = np.where(z > 0, z <= cap, 0)",
                "slopes = np.where(z > 0, np.where(1, z <= cap, 0), 0)",
                "slopes = np.where(z > 0, np.where(0, 1, z <= cap), 0)",
            ),
            "True counts as 1, and False as 0.",
        ),
    },
    "activations.allowed_shares": {
        "powers = -np.exp(z - np.max(z, axis=1, keepdims=True))": (
            "The minus stands above and below the line."
        ),
        "z -= np.max(z, axis=1, keepdims=True); powers = np.exp(z)": (
            "The z that is changed is a new array already."
        ),
        "z[:] = powers / np.sum(powers, axis=1, keepdims=True); return z": (
            "The z that is changed is a new array already."
        ),
        "powers = np.exp(z - np.max(z, axis=-1, keepdims=True))": (
            "The last of two axes is axis 1."
        ),
        "return powers / np.sum(powers, axis=-1, keepdims=True)": (
            "The last of two axes is axis 1."
        ),
        "return abs(...)": "Shares are never negative.",
        "return np.clip(..., -1, 1)": "Shares lie between 0 and 1.",
    },
    "activations.mended_pull": {
        "pull[:] = pull": "It writes into the pull what it holds already.",
    },
    # losses
    "losses.bounded": {
        "slopes = np.where(size <= most, errors, most * np.sign(errors)); near, far = "
        "(size ** 2 / 2, most * size - most ** 2 / 2)": "Neither line needs the other.",
        **dict.fromkeys(
            (
                "slopes = np.where(size < most, errors, most * np.sign(errors))",
                "return (np.mean(np.where(size < most, near, far)), slopes / errors.size)",
            ),
            "Where the pieces meet, both are equal.",
        ),
        "slopes = np.where(size <= most, errors, most / np.sign(errors))": (
            "To divide by 1 or -1 is to multiply by it."
        ),
        "near, far = (errors ** 2 / 2, most * size - most ** 2 / 2)": (
            "A square forgets the sign."
        ),
        **dict.fromkeys(
            (
                f"return (np.mean(np.where(size <= most, near, far)), slopes / {name}.size)"
                for name in ("far", "near", "outputs", "size", "slopes", "targets")
            ),
            "All of them have the same size.",
        ),
    },
    "losses.soft_cross_entropy": {
        **dict.fromkeys(
            (
                "each = logsumexp(logits, axis=-1) - np.sum(targets * logits, axis=1)",
                "each = logsumexp(logits, axis=1) - np.sum(targets * logits, axis=-1)",
                "return (np.mean(each), (softmax(logits, axis=-1) - targets) / len(logits))",
            ),
            "The last of two axes is axis 1.",
        ),
        **dict.fromkeys(
            (
                "return (np.mean(each), (softmax(logits, axis=1) - targets) / len(each))",
                "return (np.mean(each), (softmax(logits, axis=1) - targets) / len(targets))",
            ),
            "All three have one row for each sample.",
        ),
    },
    "losses.stretch": {
        "return abs(...)": "The number is never negative.",
    },
    # gradient-descent
    "gradient-descent.twice_back": {
        "d_hidden = d_y @ weights.T; hidden = x @ weights": "Neither line needs the other.",
    },
    # sgd
    "sgd.count_updates": {"return abs(...)": "A count is never negative."},
    "sgd.noise": {
        "squares = np.sum((full - gradients) ** 2, axis=1)": "A square forgets the sign.",
        "squares = np.sum((gradients - full) ** 2, axis=-1)": "The last of two axes is axis 1.",
        "return abs(...)": "A root is never negative.",
    },
    "sgd.feed": {
        "order = rng.permutation(len(y))": "x and y have the same length.",
        "for start in range(0, len(order), size):": "The order has the length of x.",
        "for start in range(0, len(y), size):": "x and y have the same length.",
    },
    "sgd.until_flat": {
        "best, best_t = (np.inf, 1)": "The first loss is below infinity.",
        "best, best_t = (np.inf, -1)": "The first loss is below infinity.",
        "elif t - best_t == patience:": "The difference grows by 1, and the loop ends there.",
        "return abs(...)": "The number of an update is never negative.",
    },
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
    "momentum.which_rule": {
        "again = box([1, *1000 * [0], 1])[-1]; if then != 0:; return 6": (
            "The box is asked before it matters."
        ),
        **dict.fromkeys(
            ("if then > 0:", "if then <= 0:", "if later != 0:", "if later == 0:"),
            "After a slope of 1 all moves go the same way: all are 0, or none is.",
        ),
        **dict.fromkeys(
            (
                "if box([2])[0] >= 1.5 * one:",
                "if box([3])[0] > 1.5 * one:",
                "if box([4])[0] > 1.5 * one:",
                "return 3 if one * later >= 1.5 * then ** 2 else 2",
                "return 4 if again <= 0.8 * one else 5",
                *(
                    f"again = box([{first}, *{zeros} * [0], 1])[-1]"
                    for first, zeros in ((-1, 1000), (2, 1000), (1, 1001), (1, 999), (1, 2000))
                ),
            ),
            "Other slopes and bounds tell the rules apart as well.",
        ),
        **dict.fromkeys(
            ("if box([2])[0 - 1] > 1.5 * one:", "if box([2])[-1] > 1.5 * one:"),
            "The only move is the last, too.",
        ),
        "return abs(...)": "The number of a rule is never negative.",
    },
    # initialization
    "initialization.odd_layer": {
        "x = a; worst.append(max(factor, 1 / factor))": "The two do not need each other.",
        "factor = np.mean(x ** 2) / np.mean(a ** 2)": "The factor is taken both ways.",
        **dict.fromkeys(
            (
                "factor = -(np.mean(a ** 2) / np.mean(x ** 2))",
                "factor = np.mean(-a ** 2) / np.mean(x ** 2)",
                "factor = np.mean(a ** 2) / np.mean(-x ** 2)",
            ),
            "With a minus on all factors the larger is minus the smaller: the order stays.",
        ),
        "return abs(...)": "A number of a layer is never negative.",
    },
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
    "classifier.shortest_step": {
        "slopes = W1 @ (W2 * (z > 0)); score = np.maximum(0, z) @ W2 + b2": (
            "The two lines do not need each other."
        ),
        "score = W2 @ np.maximum(0, z) + b2": "The product of two rows has no order.",
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
    # digits
    "digits.set_aside": {
        "aside = [*np.flatnonzero(people == person), *aside]": "The positions are sorted at last.",
    },
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
    # debugging
    "debugging.lowest_loss": {"return abs(...)": "The logarithm of 1 or more is never negative."},
    "debugging.rate_limit": {
        "if kept > 1:": "At 1 NumPy divides by 0, which gives infinity as well.",
        "return abs(...)": "Where there is a limit, it is above 0.",
    },
    "debugging.near_twins": {
        "distances = np.sqrt(np.sum((row - training) ** 2, axis=1))": "Squares have no sign.",
        "distances = np.sqrt(np.sum((training - row) ** 2, axis=-1))": "The last axis is axis 1.",
        "return abs(...)": "A share is never negative.",
        "return np.clip(..., -1, 1)": "A share is never above 1.",
    },
    "debugging.stuck": {
        "return abs(...)": "A share is never negative.",
        "return np.clip(..., -1, 1)": "A share is never above 1.",
    },
    "debugging.renamed": {
        "return names": "A list holds the same numbers as an array.",
        **dict.fromkeys(
            (
                "counts = np.bincount(said[labels == k])",
                "counts = np.bincount(said[labels == k], minlength=k)",
            ),
            "Answers that were never given are not the most frequent.",
        ),
        "return abs(...)": "The number of a class is never negative.",
    },
    # regularization
    "regularization.where": {
        "where = (151, 94, 150)": "The nearest ten is near enough.",
        "where = (149, 94, 150)": "The nearest ten is near enough.",
        "where = (150, 95, 150)": "The nearest ten is near enough.",
        "where = (150, 93, 150)": "The nearest ten is near enough.",
        "where = (150, 94, 151)": "The nearest ten is near enough.",
        "where = (150, 94, 149)": "The nearest ten is near enough.",
    },
    # rare
    "rare.pairs": {
        "other = scores[~true]; one = scores[true][:, None]": "They do not need each other.",
        "return abs(...)": "A share is never negative.",
        "return np.clip(..., -1, 1)": "A share is never above 1.",
    },
    "rare.cheapest": {"return abs(...)": "Costs are never negative."},
    "rare.corrected": {
        "return abs(...)": "A probability is never negative.",
        "return np.clip(..., -1, 1)": "A probability is never above 1.",
    },
    "rare.temper": {
        "powers = -p ** (1 / T)": "The signs of the powers and of their sum cancel.",
        "return powers / np.sum(powers, axis=-1, keepdims=True)": "The last of two axes is axis 1.",
        "return abs(...)": "A probability is never negative.",
        "return np.clip(..., -1, 1)": "A probability is never above 1.",
    },
    "rare.enough": {"return abs(...)": "A number of answers is never negative."},
    # search
    "search.rates": {
        "return found": "A list holds the same numbers as an array.",
        "return abs(...)": "A rate is never negative.",
    },
    "search.audit": {
        "seen = seen | set(aside); if set(groups[stay]) & set(groups[aside]):; leaks += 1": (
            "The two do not depend on each other."
        ),
        "seen = seen | set(-aside)": "Rows that differ also differ in their negatives.",
    },
    "search.winner": {
        "promised = missed[:, :judges].mean(axis=-1)": "The last of the two axes is axis 1.",
        "return np.clip(..., -1, 1)": "A share is never above 1.",
    },
    "search.cost": {
        "reached, epochs, goal = (0, 0, 1)": "Both of them are 0.",
        "reached, goal = (goal, goal * factor); n = max(1, n // factor)": (
            "The two lines do not depend on each other."
        ),
        "return abs(...)": "A cost is never negative.",
    },
    "search.two_loops": {
        "s, y = steps[-1]": "The newest pair is the last.",
        "d = d - a * y; shares.append(a)": "The two lines do not depend on each other.",
        "d, shares = (g, [])": "g itself is not changed, as each line makes a new d.",
        **dict.fromkeys(
            (
                "a = d @ s / (s @ y)",
                "a = s @ d / (y @ s)",
                "d = d * (y @ s) / (y @ y)",
                "d = d + (a - d @ y / (s @ y)) * s",
                "d = d + (a - y @ d / (y @ s)) * s",
            ),
            "The order does not matter to a sum of products.",
        ),
    },
    "search.seeds_needed": {
        "return math.ceil(2 * (-2 * spread / difference) ** 2)": "The square has no sign.",
        "return abs(...)": "A number of seeds is never negative.",
    },
    # convolution
    "convolution.output_size": {"return abs(...)": "A number of places is never negative."},
    "convolution.pool_pull": {
        "slopes = -np.zeros(x.shape)": "Every entry is overwritten.",
        "slopes = np.ones(x.shape)": "Every entry is overwritten.",
        "slopes[place] += pull[i, j] * top / np.sum(top)": "The entries were 0 before.",
        "top = x[place] >= x[place].max()": "Nothing is above the largest.",
    },
    "convolution.input_slopes": {"slopes = -np.zeros(n)": "Minus zero is zero."},
    "convolution.parameters": dict.fromkeys(
        (
            "each = size * size * n_in + n_in; usual = size * size * n_in * n_out + n_out",
            "mixing = n_in * n_out + n_out; each = size * size * n_in + n_in",
        ),
        "The two lines do not need each other.",
    ),
    "convolution.reach": {
        "step, seen = (1, 1)": "Both of them are 1.",
        "return abs(...)": "A number of pixels is never negative.",
    },
    # recurrence
    "recurrence.slope_with_w": {"slope, h = (0, 0)": "Both begin at 0."},
    "recurrence.will_close": {
        **dict.fromkeys(
            (
                "def will_close(r, depth=-1):",
                "return (will_close(r - 1, -(depth + 1)) + will_close(r - 1, depth - 1)) / 2",
                "return (will_close(r - 1, depth + 1) + will_close(r - 1, -(depth - 1))) / 2",
                "return (will_close(r - 1, depth + 1) + will_close(r - 1, 1 - depth)) / 2",
            ),
            "Below 0 all is as above: one way leads away from 0 and the other to it.",
        ),
        "if depth <= 0:": "It comes to 0 by steps of 1.",
        "if r <= 0:": "It comes to 0 by steps of 1.",
        "return -0.0": "Minus zero is zero.",
        "return 0": "The number is the same.",
        "return abs(...)": "A probability is never negative.",
        "return np.clip(..., -1, 1)": "A probability is never above 1.",
        "return np.float32(...)": "A float32 holds such fractions exactly.",
    },
    "recurrence.gru_step": {
        "r = sigmoid(total(weights[1], h)); z = sigmoid(total(weights[0], h))": (
            "The two lines do not need each other."
        ),
    },
    # embeddings
    "embeddings.pull_on_middle": {
        "real = (sigmoid(v @ u) - 1) * v": "The product of two rows does not ask which comes first."
    },
    "embeddings.sentence_slopes": {
        "slopes = -np.zeros((n_words, len(pull)))": "Minus 0 is 0 in every sum."
    },
    "embeddings.odd_one_out": {
        "lengths = -np.linalg.norm(rows, axis=1, keepdims=True)": "Two signs cancel in a product.",
        "unit = -(rows / lengths)": "Two signs cancel in a product.",
        "return np.argmin(np.mean(unit @ unit.T, axis=1))": "The means have the order of the sums.",
        "lengths = np.linalg.norm(rows, axis=-1, keepdims=True)": "The last of two axes is axis 1.",
        "return np.argmin(np.sum(unit @ unit.T, axis=0))": "The table is symmetric.",
        "return np.argmin(np.sum(unit @ unit.T, axis=-1))": "The last of two axes is axis 1.",
        "return abs(...)": "The number of a row is never negative.",
    },
    # maps
    "maps.how_many": {
        **dict.fromkeys(
            (
                "away = -(x - np.mean(x, axis=0))",
                "away = np.mean(x, axis=0) - x",
            ),
            "The square of away has no sign.",
        ),
        **dict.fromkeys(
            (
                "variances = np.linalg.eigh(away.T @ x)[0][::-1]",
                "variances = np.linalg.eigh(x.T @ away)[0][::-1]",
            ),
            "The mean of away is 0, so that of x drops out.",
        ),
        "variances = -np.linalg.eigh(away.T @ away)[0][::-1]": "The quotient has no sign.",
        "variances = np.linalg.eigh(away @ away.T)[0][::-1]": (
            "Both products have the same eigenvalues, but for zeros."
        ),
        "return np.sum(kept < share) + 1": "A whole number of NumPy.",
        "return int(np.sum(kept <= share)) + 1": (
            "No share is met exactly, since rounding would decide about it."
        ),
        "return abs(...)": "A number of components is never negative.",
    },
    "maps.choices": {
        **dict.fromkeys(
            (
                "weights = -(1 / (1 + np.sum((y[:, None] - y) ** 2, axis=2)))",
                "weights = 2 / (1 + np.sum((y[:, None] - y) ** 2, axis=2))",
                "weights = -1 / (1 + np.sum((y[:, None] - y) ** 2, axis=2))",
            ),
            "A factor of all weights drops out.",
        ),
        "weights = 1 / (1 + np.sum((y - y[:, None]) ** 2, axis=2))": "The square has no sign.",
        "logs = np.log(np.where(picks != 0, picks, 1))": "A share is never negative.",
        "logs = np.log(np.where(weights > 0, picks, 1))": "Both are 0 at the same places.",
        "logs = np.log(np.where(picks > 0, picks, 2))": "It is multiplied by a share of 0.",
        **dict.fromkeys(
            (
                "picks = weights / np.sum(weights, axis=-1, keepdims=True)",
                "return np.exp(-np.sum(picks * logs, axis=-1))",
            ),
            "The last of the two axes is axis 1.",
        ),
        "return abs(...)": "A perplexity is never negative.",
    },
    "maps.narrow_slopes": {
        "weights = -np.exp(-np.sum(away ** 2, axis=2))": "A factor of all weights drops out.",
    },
    "maps.place": {
        "d = np.mean((new[:, None] - x) ** 2, axis=2)": "A factor of all distances drops out.",
        "d = np.sum((x - new[:, None]) ** 2, axis=2)": "The square has no sign.",
        "nearest = np.argsort(d)[:, :k]": "The last axis is axis 1.",
        "nearest = np.argsort(d, axis=-1)[:, :k]": "The last axis is axis 1.",
    },
    # autoencoder
    "autoencoder.variances": {
        **dict.fromkeys(
            (
                "axes = -np.linalg.qr(decoder.T)[0]",
                "axes = np.linalg.qr(-decoder.T)[0]",
                "codes = -((x - x.mean(axis=0)) @ axes)",
                "codes = (x.mean(axis=0) - x) @ axes",
                "return np.linalg.svd(-codes)[1] ** 2 / len(x)",
            ),
            "An axis and its opposite have the same variance along them.",
        ),
        "return np.linalg.svd(codes)[1] ** 2 / len(codes)": "There is a code for each sample.",
        "return abs(...)": "A variance is never negative.",
    },
    "autoencoder.noise_removed": dict.fromkeys(
        (
            "before = np.mean((clean - noisy) ** 2)",
            "return 1 - np.mean((clean - out) ** 2) / before",
        ),
        "The square has no sign.",
    ),
    # attention
    "attention.divisor": {"return abs(...)": "Spreads are not negative."},
    "attention.only_near": {
        "return softmax(np.where(seen, scores, -np.inf), axis=-1)": "Of two axes, 1 is the last.",
        "return abs(...)": "A share is never negative.",
        "return np.clip(..., -1, 1)": "A share is never above 1.",
    },
    "attention.look_back": {
        "W[i, i] += sure": "There was a 0.",
        "return abs(...)": "A score that is sure of something is positive.",
        "return np.float32(...)": "A float32 holds such scores exactly.",
        "return np.round(..., 6)": "These scores are round.",
    },
    "attention.products": {
        "again = sum((2 * n * t * t for t in range(1, T + 1))); "
        "kept = sum((2 * n * t for t in range(1, T + 1)))": "They do not need each other.",
        "kept = sum((2 * n * t for t in range(1 - 1, T + 1)))": "t = 0 adds 0.",
        "again = sum((2 * n * t * t for t in range(1 - 1, T + 1)))": "t = 0 adds 0.",
        "kept = sum((2 * n * t for t in range(0, T + 1)))": "t = 0 adds 0.",
        "again = sum((2 * n * t * t for t in range(0, T + 1)))": "t = 0 adds 0.",
    },
    # story
    "story.holes": {
        "regions = 0; paper = np.pad(~ink, 1, constant_values=True)": "Neither needs the other.",
        "edge = [tuple(np.argwhere(paper)[0])]; regions += 1": "Neither needs the other.",
        "paper = np.pad(~ink, 2, constant_values=True)": "A wider frame is as good.",
        "edge = [np.argwhere(paper)[0]]": "A row of an array is unpacked as well.",
        "edge += [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]; "
        "paper[row, column] = False": "The neighbors are looked at later.",
        "paper[row, column] = -False": "Minus False is 0, which is false as well.",
        "edge = [tuple(np.argwhere(paper)[0 - 1])]": "Any pixel of paper will do.",
        "edge = [tuple(np.argwhere(paper)[-1])]": "Any pixel of paper will do.",
        "edge += [(row + 1, column), (row - 1, column), (row, column - 1), (row, column + 1)]": (
            "The order of the neighbors does not matter."
        ),
        "edge += [(row - 1, column), (row, column - 1), (row + 1, column), (row, column + 1)]": (
            "The order of the neighbors does not matter."
        ),
        "edge += [(row - 1, column), (row + 1, column), (row, column + 1), (row, column - 1)]": (
            "The order of the neighbors does not matter."
        ),
        "if -1 <= row < paper.shape[0] and 0 <= column < paper.shape[1] and paper[row, column]:": (
            "Row -1 is the other side of the frame, and hangs together with this one."
        ),
        "if 0 <= row < paper.shape[0] and -1 <= column < paper.shape[1] and paper[row, column]:": (
            "Column -1 is the other side of the frame, and hangs together with this one."
        ),
        "if 0 <= row < paper.shape[0] and 0 <= column < paper.shape[-1] and paper[row, column]:": (
            "The last of two axes is axis 1."
        ),
        "return abs(...)": "A number of holes is never negative.",
    },
    "story.operations": {
        "weights = [n_in * n_out for n_out, n_in in zip(sizes, sizes[1:])]": (
            "A product does not depend on the order."
        ),
        "weights = [n_in * n_out for n_in, n_out in zip(sizes[1:], sizes)]": (
            "A product does not depend on the order."
        ),
        "return abs(...)": "A number of operations is never negative.",
    },
    "story.smallest_batch": {
        "return -0": "Minus 0 is 0.",
        "return abs(...)": "A batch is never negative.",
    },
    # projects
    "projects.Changes": {
        "; def back(d_y, to_inputs=True):; d_x = d_y.copy(); d_x[:, :-1] -= d_y[:, 1:]; "
        "return d_x; y[:, 1:] -= x[:, :-1]": "The function back does not read y.",
        "y[:, 1:] -= y[:, :-1]": "NumPy reads all of the right side before it writes.",
        "def back(d_y, to_inputs=False):": "The argument is not read.",
        "d_x[:, :-1] -= d_x[:, 1:]": "NumPy reads all of the right side before it writes.",
    },
}
