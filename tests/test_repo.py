"""The address of the repository stands once, and ``make repo`` writes it everywhere."""

import json
import os
import shutil
import subprocess
import sys

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
        ("http://github.com/owner/name.git/", "https://github.com/owner/name"),
        ("HTTPS://GitHub.com/owner/Name", "https://github.com/owner/Name"),
        ("github.com:owner/name.git", "https://github.com/owner/name"),
        ("git@example.org:/group/name.git", "https://example.org/group/name"),
        ("git@example.org:2222/name.git", "https://example.org/2222/name"),
        ("ssh://git@example.org:2222/owner/name.git", "https://example.org/owner/name"),
        ("ssh://example.org:22/~me/name", "https://example.org/~me/name"),
        ("git+ssh://git@example.org/owner/name.git", "https://example.org/owner/name"),
        ("ssh://git@ssh.github.com:443/owner/name.git", "https://github.com/owner/name"),
        ("ssh://git@altssh.gitlab.com:443/owner/name.git", "https://gitlab.com/owner/name"),
        ("git://example.org/owner/name.git", "https://example.org/owner/name"),
        ("https://me:TOKEN@example.org/owner/name.git", "https://example.org/owner/name"),
        ("https://TOKEN@example.org:8443/owner/name", "https://example.org:8443/owner/name"),
        ("https://me:T@KEN@example.org/owner/name", "https://example.org/owner/name"),
    ],
)
def test_every_form_of_a_remote(remote, address):
    assert https(remote) == address


@pytest.mark.parametrize(
    "remote",
    [
        *("", "a b", "/home/someone/course", "../course", "C:\\course", "file:///home/me/course"),
        *("github.com", "github.com/owner/name", "https://host", "https://example.org/"),
        *("git@work:owner/name.git", "work:owner/name", "ssh://git@work:22/owner/name"),
        *("https://localhost/owner/name", "http://example.org:8080/owner/name"),
        *("git@ssh.dev.azure.com:v3/owner/group/name", "git@[::1]:owner/name"),
        *("https://TOKEN@example.org", "https://me:TOKEN@example.org/a b"),
        *("https://me:TOKEN/2@example.org/owner/name", "git@work:owner/name?key=TOKEN"),
        "https://example.org/owner/name?private_token=TOKEN",
    ],
)
def test_what_is_no_address(remote):
    with pytest.raises(ValueError, match="is no address of a repository") as found:
        https(remote)
    assert "TOKEN" not in str(found.value)


def run(folder, *given, **environment):
    """Run a copy of tools/repo.py in a folder; return what it printed and its exit code."""
    (folder / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "repo.py", folder / "tools")
    (folder / "_config.yml").write_text(f"repository:\n  url: {current()}\n")
    ran = subprocess.run(
        [sys.executable, "tools/repo.py", *given],
        cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in ran.stderr
    return ran.stdout + ran.stderr, ran.returncode


def test_a_token_is_neither_written_nor_printed(tmp_path):
    address = "https://me:TOKEN@example.org/owner/name.git"
    for command in ("init --quiet", f"remote add origin {address}"):
        subprocess.run(["git", *command.split()], cwd=tmp_path, check=True)
    printed, status = run(tmp_path, "")
    assert (printed, status) == ("https://example.org/owner/name: _config.yml\n", 0)
    assert current(tmp_path) == "https://example.org/owner/name"


def test_make_does_not_print_a_token():
    command = ["make", "-n", "repo", "URL=https://me:TOKEN@example.org/owner/name"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "tools/repo.py" in told.stdout
    assert "TOKEN" not in told.stdout + told.stderr


@pytest.mark.parametrize(
    ("environment", "reason"),
    [({}, "not a git repository"), ({"PATH": ""}, "No such file or directory")],
    ids=["no repository", "no git"],
)
def test_without_a_remote_a_sentence_says_what_to_do(tmp_path, environment, reason):
    printed, status = run(tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent), **environment)
    assert status == 1
    assert reason in printed
    assert "make repo URL=" in printed
    assert current(tmp_path) == current()


def test_checked_out_files_have_the_line_ends_that_programs_need(tmp_path):
    """Git on Windows writes CRLF, with which neither make nor a shell script runs."""
    files = ("Makefile", ".ci/run", "book/circuits.ipynb", "nnutils/digits.npz", "docs/page.png")
    for name in (".gitattributes", *files):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    me = ("-c", "user.name=Test", "-c", "user.email=test@localhost", "-c", "core.autocrlf=true")
    for command in (
        ("init", "--quiet"),
        ("add", "--all"),
        ("commit", "--quiet", "--no-gpg-sign", "--message", "All"),
    ):
        subprocess.run(["git", *me, *command], cwd=tmp_path, check=True)
    for name in files:
        (tmp_path / name).unlink()
    subprocess.run(["git", *me, "checkout", "--", "."], cwd=tmp_path, check=True)
    for name in files:
        assert (tmp_path / name).read_bytes() == (ROOT / name).read_bytes(), name


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
