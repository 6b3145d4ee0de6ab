"""Starts the service. MODEL_SHA256 is required: it is the digest that the gate allowed."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path

from .app import Service, Settings, server
from .model import WrongModel, load

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    path = Path(os.environ.get("MODEL_PATH", ROOT / "model" / "model.json"))
    try:
        model = load(path, os.environ.get("MODEL_SHA256", ""))
    except WrongModel as refused:
        logging.error("not started: %s", refused)
        return 5
    settings = Settings(max_at_once=int(os.environ.get("MAX_AT_ONCE", "16")))
    service = Service(model, settings)
    http = server(service, int(os.environ.get("PORT", "8080")), "0.0.0.0")

    def stop(*_: object) -> None:
        # Not ready first, and answering until the load balancer has noticed.
        service.leaving = True
        threading.Thread(target=lambda: (time.sleep(float(os.environ.get("DRAIN_SECONDS", "5"))), http.shutdown())).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    logging.info("serving model %s on port %s", model.digest[:12], http.server_port)
    http.serve_forever()
    service.drain()
    return 0


if __name__ == "__main__":
    sys.exit(main())
