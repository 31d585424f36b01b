"""The package behind *Neural Networks, Wire by Wire*.

Every chapter of the course builds one piece of a neural network by hand, shows that the piece
equals the one here, and imports this one from then on. Import modules by name::

    from nnutils.circuit import Value

What is taught (``circuit`` to ``diagnosis``) and what teaches (``plots``, ``knobs``, ``quiz``,
``check``, ``exercises``) share one folder: a reader imports both in the same way, and the floors
in ``tests/test_floors.py`` keep the first from the second.
"""

__version__ = "0.1.0"
