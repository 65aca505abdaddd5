"""Serve a folder on this machine alone: for `make serve`, and for the tests that open the site."""

from __future__ import annotations

import argparse
import gzip
import io
import sys
import threading
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files without a line on the terminal for each, and lets no browser keep an old one."""

    protocol_version = "HTTP/1.1"

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


class CompressingHandler(QuietHandler):
    """Sends text compressed, as those do who serve such sites."""

    COMPRESSED = ("text/", "application/javascript", "application/json", "image/svg+xml")

    def send_head(self) -> io.BytesIO | io.BufferedReader | None:
        path = Path(self.translate_path(self.path))
        kind = self.guess_type(path)
        if not path.is_file() or not kind.startswith(self.COMPRESSED):
            return super().send_head()
        body = gzip.compress(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)


class SlowHandler(QuietHandler):
    """Sends as over a slow line: each answer late, all together so many bytes a second.

    Chromium's own slow line now and then delivers nothing at all.
    """

    LATE, PACE = 0.05, 4e5
    line = threading.Lock()

    def copyfile(self, source: io.BufferedReader, outputfile: io.BufferedWriter) -> None:
        time.sleep(self.LATE)
        while part := source.read(8192):
            with self.line:
                time.sleep(len(part) / self.PACE)
            outputfile.write(part)


class QuietServer(ThreadingHTTPServer):
    """Serves many requests at a time, and does not report a browser that goes away amid one."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(
    folder: Path, port: int = 0, *, handler: type[QuietHandler] = QuietHandler
) -> Iterator[str]:
    """Serve `folder` while the block runs; yields its address, without a slash at the end."""
    with QuietServer(("127.0.0.1", port), partial(handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--no-open", action="store_true", help="open no browser")
    options = parser.parse_args()
    with serving(options.folder, options.port) as address:
        print(f"The book is at {address}/ (stop with Ctrl-C)", flush=True)
        if not options.no_open:
            webbrowser.open(f"{address}/")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
