"""The address of the repository stands once, and ``make repo`` writes it everywhere."""

import json
import shutil

import pytest

from tools.repo import HOLDERS, ROOT, current, https, write


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/owner/name", "https://github.com/owner/name"),
        ("https://github.com/owner/name.git\n", "https://github.com/owner/name"),
        ("git@github.com:owner/name.git", "https://github.com/owner/name"),
        ("ssh://git@example.org/group/sub/name.git", "https://example.org/group/sub/name"),
        ("https://example.org:8443/owner/na.me/", "https://example.org:8443/owner/na.me"),
    ],
)
def test_every_form_of_a_remote(remote, address):
    assert https(remote) == address


@pytest.mark.parametrize(
    "remote", ["", "/home/someone/course", "github.com", "https://host", "a b"]
)
def test_what_is_no_address(remote):
    with pytest.raises(ValueError, match="is no address of a repository"):
        https(remote)


def test_all_holders_change_together_and_back(tmp_path):
    (tmp_path / "book").mkdir()
    files = sorted(file for holder in HOLDERS for file in ROOT.glob(holder))
    for file in files:
        shutil.copy(file, tmp_path / file.relative_to(ROOT))
    old, new = current(), "https://example.org/owner/name"
    before = {file: (tmp_path / file.relative_to(ROOT)).read_text() for file in files}
    changed = write(new, tmp_path)
    assert current(tmp_path) == new
    notebooks = [file for file in files if file.suffix == ".ipynb"]
    assert {f"book/{file.name}" for file in notebooks} <= set(changed)
    for file in files:
        assert old not in (tmp_path / file.relative_to(ROOT)).read_text()
    for file in notebooks:
        json.loads((tmp_path / "book" / file.name).read_text())
    assert write(new, tmp_path) == []
    write(old, tmp_path)
    assert before == {file: (tmp_path / file.relative_to(ROOT)).read_text() for file in files}


def test_no_stranger_can_own_the_address_before_it_is_set():
    assert current().endswith(".invalid/course") or current().startswith("https://github.com/")
