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
    # initialization
    # classifier
    # digits
}
