"""The exercises and quiz questions of every chapter, as data: one module a chapter."""

CHAPTERS = (
    "circuits",
    "gradients",
    "backprop",
    "neurons",
    "activations",
    "losses",
    "gradient-descent",
    "sgd",
    "learning-rate",
    "momentum",
    "initialization",
    "classifier",
    "digits",
)
