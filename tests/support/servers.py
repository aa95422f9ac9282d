"""Servers that tests start on 127.0.0.1 and stop: a receiver of HTTP requests that can fail, and programs with their logs."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

SECONDS = 30


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(what: str, is_true: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """The first true value of a call; an error of a connection counts as not yet."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if value := is_true():
                return value
        except requests.ConnectionError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds:g} s: {what}")


class Receiver:
    """Keeps the requests it gets, and answers as told.

    ``answers`` are for the next requests, then 200: a status, ``hang`` (no answer until the receiver stops), or a function of
    the body that is called before the answer. ``requests`` are (path, body) of all, ``accepted`` of those answered with 200.
    """

    def __init__(self) -> None:
        self.requests: list[tuple[str, Any]] = []
        self.accepted: list[tuple[str, Any]] = []
        self.answers: list[int | str | Callable[[Any], None]] = []
        self.headers: list[dict[str, str]] = []
        self._stopped = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"] or 0))
                request = self.path, json.loads(text)
                receiver.requests.append(request)
                receiver.headers.append(dict(self.headers))
                answer = receiver.answers.pop(0) if receiver.answers else 200
                if answer == "hang":
                    receiver._stopped.wait(SECONDS)
                    return
                if callable(answer):
                    answer(request[1])
                    answer = 200
                if answer == 200:
                    receiver.accepted.append(request)
                try:
                    self.send_response(int(answer))
                    self.end_headers()
                except OSError:
                    pass  # Whoever asked is gone.

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and let go of who waits for an answer."""
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver that stops at the end."""
    one = Receiver()
    try:
        yield one
    finally:
        one.stop()


@contextmanager
def program(command: Sequence[str | Path], log: Path, ready: Callable[[], Any]) -> Iterator[subprocess.Popen]:
    """A server program, until the end; its output goes to a file, which is shown if it does not become ready."""
    with log.open("w") as output:
        process = subprocess.Popen([str(part) for part in command], stdout=output, stderr=subprocess.STDOUT)
    try:
        try:
            wait_until(f"{command[0]} is ready", lambda: process.poll() is None and ready())
        except AssertionError as error:
            raise AssertionError(f"{error}\n{log.read_text(encoding='utf-8')}") from None
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
