"""What happens to a request."""

from __future__ import annotations

import json
import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

from .contract import MAX_BODY_BYTES, Refused, Request, parse
from .metrics import Metrics

log = logging.getLogger("service")


class Scores(Protocol):
    digest: str

    def score(self, features: dict[str, float]) -> float: ...


@dataclass(frozen=True)
class Settings:
    # Seconds from reading the request to answering it; below the callers' own timeout, or they never see the default.
    deadline: float = 0.05
    # Requests in the model at once. One more is refused at once, which costs the caller less than waiting for nothing.
    max_at_once: int = 16
    hold_from: float = 0.5
    review_from: float = 0.1


def decide(score: float, s: Settings) -> str:
    return "hold" if score >= s.hold_from else "review" if score >= s.review_from else "release"


class Service:
    """Everything but HTTP."""

    def __init__(self, model: Scores, settings: Settings | None = None):
        self.model = model
        self.settings = settings or Settings()
        self.metrics = Metrics()
        # No longer ready, still answering: a load balancer needs seconds to notice.
        self.leaving = False
        self._closed = False
        self._places = threading.BoundedSemaphore(self.settings.max_at_once)
        self._pool = ThreadPoolExecutor(self.settings.max_at_once, thread_name_prefix="score")

    def answer(self, request: Request) -> dict | None:
        """The answer; None if there is no place. A late or failing model gives the agreed default, counted as such."""
        if self._closed or not self._places.acquire(blocking=False):
            return None
        start = time.monotonic()
        try:
            future = self._pool.submit(self.model.score, request.features)
        except BaseException:
            self._places.release()
            raise
        # The place is given back when the model is done and not when we stop waiting: a slow model must not pile up threads.
        future.add_done_callback(lambda _done: self._places.release())
        score, source = self._wait(future)
        self.metrics.answer(source, time.monotonic() - start)
        return {
            "id": request.id,
            "decision": "review" if score is None else decide(score, self.settings),
            "score": None if score is None else round(score, 6),
            "source": source,
            "model_sha256": self.model.digest,
        }

    def _wait(self, future: Future[float]) -> tuple[float | None, str]:
        try:
            score = future.result(timeout=self.settings.deadline)
        except Late:
            return None, "default"
        except Exception:
            log.exception("the model failed")
            return None, "default"
        # A model that answers NaN has failed, politely.
        return (score, "model") if 0 <= score <= 1 else (None, "default")

    def drain(self) -> None:
        """No new work; what is under way is finished."""
        self.leaving = self._closed = True
        self._pool.shutdown(wait=True)


def server(service: Service, port: int, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """An HTTP server over the service; port 0 picks a free one."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # A caller who sends nothing does not keep a thread for ever.
        timeout = 5

        def do_GET(self) -> None:
            if self.path == "/healthz":
                self._send(200, {"ok": True})
            elif self.path == "/readyz":
                self._send(503 if service.leaving else 200, {"ready": not service.leaving})
            elif self.path == "/metrics":
                self._send(200, service.metrics.text(service.model.digest), "text/plain; version=0.0.4")
            else:
                self._send(404, {"error": "there is /v1/score, /healthz, /readyz and /metrics"})

        def do_POST(self) -> None:
            if self.path != "/v1/score":
                self.close_connection = True
                self._send(404, {"error": "send it to /v1/score"})
                return
            status, body = self._score()
            service.metrics.request(status)
            log.info("status=%s", status)
            self._send(status, body)

        def _score(self) -> tuple[int, dict]:
            length = self.headers.get("content-length", "")
            if not length.isascii() or not length.isdigit():
                self.close_connection = True
                return 411, {"error": "send a Content-Length"}
            # Python refuses to read a number of thousands of digits; nobody sends one in good faith.
            if len(length) > 9 or int(length) > MAX_BODY_BYTES:
                # Not read, so the connection cannot go on.
                self.close_connection = True
                return 413, {"error": f"at most {MAX_BODY_BYTES} bytes"}
            try:
                request = parse(self.rfile.read(int(length)))
            except Refused as refused:
                return 422, {"error": str(refused), "field": refused.field}
            answer = service.answer(request)
            return (200, answer) if answer else (503, {"error": "too many at once; try another instance"})

        def _send(self, status: int, body: dict | str, kind: str = "application/json") -> None:
            content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            if status == 503:
                self.send_header("Retry-After", "1")
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """The default log writes the request line; ours says what it needs above."""

    return ThreadingHTTPServer((host, port), Handler)
