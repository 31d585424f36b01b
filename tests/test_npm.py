"""Packages come from npm once, in the version asked for; if not, a sentence says why."""

import io
import json
import sys
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import perf_counter

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "book" / "_ext"))
from npm import install  # noqa: E402

VERSIONS = ("1.0.0", "1.1.0")


def tarball(version):
    """Return a package as npm's registry sends it."""
    told = json.dumps({"name": "thing", "version": version}).encode()
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        info = tarfile.TarInfo("package/package.json")
        info.size = len(told)
        archive.addfile(info, io.BytesIO(told))
    return file.getvalue()


class Registry(BaseHTTPRequestHandler):
    """A registry with one package, ``thing``."""

    def do_GET(self):
        if self.path.endswith(".tgz"):
            return self.send(200, tarball(self.path.rpartition("/")[2].removesuffix(".tgz")))
        if self.path != "/thing":
            return self.send(404, b"{}")
        address = f"http://{self.headers['Host']}"
        versions = {
            version: {
                "name": "thing",
                "version": version,
                "dist": {"tarball": f"{address}/thing/{version}.tgz"},
            }
            for version in VERSIONS
        }
        told = {"name": "thing", "dist-tags": {"latest": VERSIONS[-1]}, "versions": versions}
        return self.send(200, json.dumps(told).encode())

    def send(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def registry(monkeypatch):
    """Let npm fetch from this machine; return the server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{server.server_port}")
    yield server
    server.shutdown()
    server.server_close()


def version(home):
    return json.loads((home / "node_modules" / "thing" / "package.json").read_text())["version"]


def test_a_package_is_fetched_once_and_a_new_version_again(tmp_path, registry, capfd):
    for asked, fetched in (("1.0.0", True), ("1.0.0", False), ("1.1.0", True)):
        install(tmp_path / "npm", f"thing@{asked}")
        assert version(tmp_path / "npm") == asked
        assert (f"Fetching thing@{asked}" in capfd.readouterr().out) == fetched


def test_settings_and_folders_around_do_not_lead_a_package_astray(tmp_path, registry, monkeypatch):
    """Among them an unwritable home folder, and a JavaScript project that holds the course."""
    (tmp_path / "package.json").write_text('{"name": "around"}')
    (tmp_path / "node_modules").mkdir()
    wrong = {"global": "true", "location": "global", "prefix": "/nowhere", "dry_run": "true",
             "package_lock_only": "true", "omit": "dev", "save_dev": "true", "save": "false",
             "workspaces": "true", "cache": "/proc/nowhere", "loglevel": "silent"}  # fmt: skip
    for name, value in wrong.items():
        monkeypatch.setenv(f"npm_config_{name}", value)
    monkeypatch.setenv("HOME", "/proc/nowhere")
    install(tmp_path / "course (1)", "thing@1.0.0")
    assert version(tmp_path / "course (1)") == "1.0.0"


@pytest.mark.parametrize(
    ("package", "address", "reason"),
    [
        ("thing@9.0.0", None, "No matching version found for thing@9.0.0"),
        ("nothing@1.0.0", None, "404"),
        ("thing@1.0.0", "http://127.0.0.1:9", "ECONNREFUSED"),
        ("thing@1.0.0", "http://nowhere.invalid", "nowhere.invalid"),
    ],
)
def test_a_failure_is_quick_and_says_why(tmp_path, registry, monkeypatch, package, address, reason):
    if address:
        monkeypatch.setenv("npm_config_registry", address)
    start = perf_counter()
    with pytest.raises(SystemExit) as found:
        install(tmp_path, package)
    assert perf_counter() - start < 60
    told = str(found.value)
    assert told.startswith(f"npm did not fetch {package}:\n")
    assert reason in told
    assert "Is the network there?" in told
    assert len(told.splitlines()) <= 6


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "npm").write_text("A file where the folder should be.")
    with pytest.raises(SystemExit, match="npm did not fetch thing@1.0.0:\n.*File exists"):
        install(tmp_path / "npm", "thing@1.0.0")
