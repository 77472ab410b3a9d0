"""What the README points to is there."""

import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_README = (_ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", _README))))
def test_linked_files_exist(target: str) -> None:
    assert (_ROOT / target).is_file()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`((?:\w+/)+(?:[\w.]+)?)`", _README)) - {"var/pg"}))
def test_named_folders_and_files_exist(target: str) -> None:
    assert (_ROOT / target).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z-]+)", _README)) - {"nothing"}))
def test_named_make_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", (_ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
