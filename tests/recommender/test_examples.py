"""The examples in the recommender's docstrings run as written."""

import doctest
import importlib
import pkgutil

import pytest

import recommender

MODULES = [one.name for one in pkgutil.iter_modules(recommender.__path__) if one.name != "__main__"]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"recommender.{name}")).failed == 0
