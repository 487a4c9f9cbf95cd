"""What `prepare` leaves in the database for the load to use, handed over as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

HELLO = "/bench/hello/"
STATISTICS = "/thong-ke/"
LOGIN = "/dang-nhap/"


@dataclass(frozen=True)
class Scene:
    """Addresses, people and right answers.

    `learners` are (login, session key) pairs, all with `password`, all enrolled; `administrator`
    is the session key of the person responsible for the whole city. `answers` are the option
    keys that are right, in the order of the quiz's questions.
    """

    base: str
    learners: list[tuple[str, str]]
    password: str
    administrator: str
    lessons: list[str]
    quiz_start: str
    answers: list[list[str]]

    def write(self, path: Path) -> None:
        """Keep it at `path`."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Scene:
        """The scene kept at `path`."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))
