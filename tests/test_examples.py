"""The examples in the docstrings of ``nnutils`` show what Python shows."""

import doctest
from importlib import import_module

import numpy as np
import pytest

from tests.test_floors import MODULES, PACKAGE

WITH_EXAMPLES = [
    name for name in MODULES if ">>> " in (PACKAGE / name).with_suffix(".py").read_text()
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples(name):
    module = import_module(f"nnutils.{name.replace('/', '.')}")
    failed, tried = doctest.testmod(module, extraglobs={"np": np})
    assert tried
    assert not failed
