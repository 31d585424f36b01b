"""``make serve`` shows the book to this machine alone, at a port that is free."""

import threading
from urllib.request import urlopen

import pytest

from tools.serve import PORTS, listen


def test_the_next_free_port_is_taken_and_no_other_machine_is_answered(tmp_path):
    (tmp_path / "index.html").write_text("The book")
    with listen(tmp_path, PORTS) as first, listen(tmp_path, PORTS) as second:
        assert {first.server_address[0], second.server_address[0]} == {"127.0.0.1"}
        assert first.server_port < second.server_port
        threading.Thread(target=second.serve_forever, daemon=True).start()
        with urlopen(f"http://localhost:{second.server_port}/index.html") as answer:
            assert answer.read() == b"The book"
        second.shutdown()


def test_without_a_free_port_a_sentence_says_so(tmp_path):
    with listen(tmp_path, PORTS) as server:
        used = range(server.server_port, server.server_port + 1)
        with pytest.raises(SystemExit, match=f"No port from {used[0]} to {used[0]} is free: "):
            listen(tmp_path, used)
