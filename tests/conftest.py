"""Tests that compare with PyTorch and scikit-learn, or need Dask, run where all are installed."""

from importlib.util import find_spec

import pytest

WITHOUT = [name for name in ("torch", "sklearn", "distributed") if find_spec(name) is None]
REASON = "PyTorch, scikit-learn or Dask is not installed: make peers"


def pytest_collection_modifyitems(config, items):
    """Skip what needs a peer that is not there, unless just these tests were asked for."""
    if WITHOUT and config.option.markexpr != "peers":
        for item in items:
            if item.get_closest_marker("peers"):
                item.add_marker(pytest.mark.skip(reason=REASON))


def pytest_sessionfinish(session):
    """Fail if a test was skipped although just the tests with peers were asked for."""
    if session.config.option.markexpr == "peers" and _skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    """Say what was left out."""
    left_out = [report for report in _skipped(config) if REASON in str(report.longrepr)]
    if left_out:
        terminalreporter.write_line(
            f"{len(left_out)} tests were left out: they compare with PyTorch and scikit-learn, "
            "or need Dask, and these are not all installed here. `make peers` installs them and "
            "runs these tests."
        )


def _skipped(config):
    reporter = config.pluginmanager.getplugin("terminalreporter")  # a worker has none
    return reporter.stats.get("skipped", []) if reporter else []
