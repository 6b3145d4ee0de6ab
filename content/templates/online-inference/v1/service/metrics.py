"""Counters and one histogram in Prometheus' text format. No label holds anything that a caller chose."""

from __future__ import annotations

import threading
from collections import Counter

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)


class Metrics:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[str] = Counter()
        self._answers: Counter[str] = Counter()
        self._buckets = [0] * len(BUCKETS)
        self._seconds = 0.0
        self._count = 0

    def request(self, status: int) -> None:
        with self._lock:
            self._requests[str(status)] += 1

    def answer(self, source: str, seconds: float) -> None:
        with self._lock:
            self._answers[source] += 1
            self._seconds += seconds
            self._count += 1
            for i, limit in enumerate(BUCKETS):
                if seconds <= limit:
                    self._buckets[i] += 1

    def text(self, model_digest: str) -> str:
        with self._lock:
            lines = ["# TYPE scoring_requests_total counter"]
            lines += [f'scoring_requests_total{{status="{s}"}} {n}' for s, n in sorted(self._requests.items())]
            lines += ["# TYPE scoring_answers_total counter"]
            lines += [f'scoring_answers_total{{source="{s}"}} {n}' for s, n in sorted(self._answers.items())]
            lines += ["# TYPE scoring_seconds histogram"]
            lines += [f'scoring_seconds_bucket{{le="{b:g}"}} {n}' for b, n in zip(BUCKETS, self._buckets)]
            lines += [f'scoring_seconds_bucket{{le="+Inf"}} {self._count}']
            lines += [f"scoring_seconds_sum {self._seconds:.6f}", f"scoring_seconds_count {self._count}"]
            # Which artefact answers, so that a graph of scores can be cut where the model changed.
            lines += ["# TYPE scoring_model_info gauge", f'scoring_model_info{{sha256="{model_digest}"}} 1']
            return "\n".join(lines) + "\n"
