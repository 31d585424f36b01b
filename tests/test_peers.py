"""``make test`` says what it leaves out for want of peers; ``make peers`` leaves out nothing."""

import os
import subprocess
import sys

import pytest

from tests.anatomy import ROOT

TESTS = """
import pytest

def test_without(): pass

@pytest.mark.peers
def test_with_a_peer(): import no_such_peer

@pytest.mark.peers
def test_that_skips_itself(): pytest.skip("It is cold.")
"""


@pytest.fixture
def run(tmp_path):
    """Return a function that runs the tests above where a peer is missing."""
    conftest = (ROOT / "tests" / "conftest.py").read_text()
    assert '("torch", "sklearn", "distributed")' in conftest
    (tmp_path / "conftest.py").write_text(
        conftest.replace('("torch", "sklearn", "distributed")', '("no_such_peer",)')
    )
    (tmp_path / "test_x.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = peers\n")

    def run(*options):
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
        alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # starts sooner
        ran = subprocess.run(
            command, cwd=tmp_path, env=alone, capture_output=True, text=True, check=False
        )
        return ran.returncode, ran.stdout.splitlines()

    return run


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "1")], ids=["alone", "in a worker"])
def test_what_was_left_out_is_said_before_the_closing_line(run, workers):
    status, (*_, told, closing) = run(*workers)
    assert status == 0
    assert told.startswith("2 tests were left out: they compare with PyTorch and scikit-learn")
    assert "`make peers` installs them and runs these tests" in told
    assert closing.startswith("1 passed, 2 skipped in ")


def test_make_peers_fails_without_a_peer(run):
    status, printed = run("-m", "peers", "-k", "with_a_peer")
    assert status == 1
    assert "No module named 'no_such_peer'" in "".join(printed)


def test_make_peers_fails_if_a_test_is_skipped(run):
    status, printed = run("-m", "peers", "-k", "skips")
    assert printed[-1].startswith("1 skipped")
    assert status == 1
