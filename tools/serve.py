"""Show the built book to a browser on this machine, and to no other."""

import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

BOOK = Path(__file__).parents[1] / "_build" / "html"
PORTS = range(8000, 8100)


def listen(folder=BOOK, ports=PORTS, handler=SimpleHTTPRequestHandler):
    """Return a server of the folder at the first port that is free."""
    for port in ports:
        try:
            return ThreadingHTTPServer(("127.0.0.1", port), partial(handler, directory=folder))
        except OSError as error:
            reason = error
    sys.exit(f"No port from {ports[0]} to {ports[-1]} is free: {reason}")


def main():
    """Serve until Ctrl+C."""
    server = listen()
    print(f"The book is at http://localhost:{server.server_port}. Ctrl+C ends this.", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
