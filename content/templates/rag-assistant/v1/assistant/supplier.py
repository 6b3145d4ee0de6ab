"""Who writes the sentence: a stand-in without a network, or a model behind a gateway."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Protocol


class Unavailable(Exception):
    """No answer in time, or none that can be read. The caller says so; it does not try another model in silence."""


@dataclass(frozen=True)
class Written:
    text: str
    tokens: int


class Supplier(Protocol):
    def write(self, prompt: str, question: str, passages: list[str]) -> Written: ...


def as_message(question: str, passages: list[str]) -> str:
    """Passages between marks that `guard.passage` takes out of every document, so that none can close them."""
    shown = "\n".join(f"<<passage {n}>>\n{text}\n<<end>>" for n, text in enumerate(passages, start=1))
    return f"{shown}\n\nQuestion: {question}"


class StandIn:
    """Copies the sentence that shares most words with the question. For tests and for the first day."""

    def write(self, prompt: str, question: str, passages: list[str]) -> Written:
        from .index import words

        asked = set(words(question))
        best: tuple[int, int, str] = (0, 0, "")
        for number, text in enumerate(passages, start=1):
            for sentence in re.split(r"(?<=[.!?])\s+", text):
                shared = len(asked & set(words(sentence)))
                # A heading names what is asked for and answers nothing.
                if shared > best[0] and len(sentence.split()) > 4:
                    best = (shared, number, sentence)
        text = f"{best[2]} [{best[1]}]" if best[0] else "NOT FOUND"
        return Written(text, len(prompt.split()) + sum(len(p.split()) for p in passages) + len(text.split()))


class Gateway:
    """A gateway that speaks the chat completions format. One attempt: retries and fallbacks are the gateway's business."""

    def __init__(self, url: str, token: str, model: str, seconds: float):
        self._url, self._token, self._model, self._seconds = url, token, model, seconds

    def write(self, prompt: str, question: str, passages: list[str]) -> Written:
        body = {
            "model": self._model,
            "temperature": 0,
            "max_tokens": 400,
            "messages": [
                {"role": "system", "content": prompt},
                {"role": "user", "content": as_message(question, passages)},
            ],
        }
        request = urllib.request.Request(
            self._url,
            data=json.dumps(body).encode(),
            headers={"content-type": "application/json", "authorization": f"Bearer {self._token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=self._seconds) as response:
                answer = json.loads(response.read(1_000_000))
            # A gateway that quietly answers with another model has not been evaluated.
            if answer["model"] != self._model:
                raise Unavailable(f"asked for {self._model}, answered by {answer['model']}")
            return Written(str(answer["choices"][0]["message"]["content"]).strip(), int(answer["usage"]["total_tokens"]))
        except (OSError, ValueError, KeyError, IndexError, TypeError) as fault:
            raise Unavailable(type(fault).__name__) from fault
