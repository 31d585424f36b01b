"""The weekly check of links, against a host on this machine: no request leaves it."""

import socket
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tools import links


class Host(BaseHTTPRequestHandler):
    """A host with one page for each way in which a link can behave."""

    def do_HEAD(self):
        asked = self.server.asked
        asked[self.command, self.path] += 1
        asked[self.path] += 1
        if self.path == "/moved":
            return self._say(301, Location="/good")
        if self.path == "/slow" and asked[self.path] <= 3:
            self.server.wake.wait(30)
        if self.path == "/no-head" and self.command == "HEAD":
            return self._say(405)
        if self.path == "/flaky" and asked[self.path] <= 4:
            return self._say(503)
        self._say({"/gone": 404, "/shut": 403, "/broken": 500}.get(self.path, 200))

    do_GET = do_HEAD

    def _say(self, code, **headers):
        try:
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()
        except ConnectionError:  # nobody waits any more
            pass

    def log_message(self, *args):
        pass


@pytest.fixture
def host(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(links, "PAUSE", 0.01)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    server.asked, server.wake = Counter(), threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.wake.set()
    server.shutdown()
    thread.join()
    server.server_close()


def write(folder, **pages):
    for name, addresses in pages.items():
        anchors = "".join(f'<a href="{address}">link</a>' for address in addresses)
        (folder / f"{name}.html").write_text(f"<html><body>{anchors}</body></html>")


def test_only_links_to_other_hosts_are_collected_each_once(tmp_path):
    write(
        tmp_path,
        one=["https://a.example/x#part", "two.html", "#here", "mailto:a@b.example", "/root"],
        two=["https://a.example/x", "//b.example/y", "https://wire-by-wire.invalid/course", ""],
    )
    assert links.outside(tmp_path) == {
        "https://a.example/x": ["one.html", "two.html"],
        "https://b.example/y": ["two.html"],
    }


@pytest.mark.parametrize(
    ("path", "verdict", "note"),
    [
        ("/good", "ok", ""),
        ("/naïve page", "ok", ""),
        ("/no-head", "ok", ""),
        ("/flaky", "ok", ""),
        ("/gone", "dead", "404 Not Found"),
        ("/broken", "dead", "500 Internal Server Error"),
        ("/shut", "shut", "403 Forbidden"),
    ],
)
def test_what_a_host_says_decides(host, path, verdict, note):
    assert links.answer(host.url + path) == (verdict, note)


def test_a_redirect_is_followed_and_told(host):
    assert links.answer(f"{host.url}/moved") == ("moved", f"to {host.url}/good")


def test_a_slow_host_gets_three_tries(host, monkeypatch):
    monkeypatch.setattr(links, "TIMEOUT", 0.5)
    assert links.answer(f"{host.url}/slow") == ("ok", "")
    assert host.asked["HEAD", "/slow"] >= 2


def test_a_clear_no_is_not_asked_again_and_an_error_is(host):
    links.answer(f"{host.url}/gone")
    links.answer(f"{host.url}/broken")
    assert host.asked["GET", "/gone"] == 1
    assert host.asked["GET", "/broken"] == 3


def test_nobody_there_is_dead(host):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    verdict, note = links.answer(f"http://127.0.0.1:{port}/")
    assert verdict == "dead"
    assert "refused" in note


def test_dead_links_are_listed_with_their_pages(host, tmp_path, capsys):
    write(
        tmp_path,
        one=[f"{host.url}/good", f"{host.url}/gone#part"],
        two=[f"{host.url}/gone", f"{host.url}/moved"],
    )
    assert links.main(tmp_path) == 1
    assert capsys.readouterr().out == (
        f"dead  {host.url}/gone 404 Not Found\n"
        f"ok    {host.url}/good\n"
        f"moved {host.url}/moved to {host.url}/good\n"
        "\n1 of 3 links are dead:\n"
        f"- {host.url}/gone\n  404 Not Found\n  in one.html, two.html\n"
    )


def test_a_book_without_dead_links_passes(host, tmp_path, capsys):
    write(tmp_path, one=[f"{host.url}/good", f"{host.url}/shut"])
    assert links.main(tmp_path) == 0
    assert capsys.readouterr().out.endswith("No dead link among 2.\n")


def test_a_missing_book_fails(tmp_path, capsys):
    assert links.main(tmp_path / "html") == 1
    assert "make book" in capsys.readouterr().out
