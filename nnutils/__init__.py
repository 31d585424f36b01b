"""The package behind *Neural Networks, Wire by Wire*.

Every chapter of the course builds one piece of a neural network by hand, shows that the piece
equals the one here, and imports this one from then on. Import modules by name::

    from nnutils.circuit import Value
"""

__version__ = "0.1.0"
