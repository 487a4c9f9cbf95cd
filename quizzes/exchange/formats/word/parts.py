"""What a paper is taken apart into, before it is judged."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizzes.exchange.formats.word.keys import Said
from quizzes.exchange.formats.word.rich import Line, Look, Table


@dataclass
class Option:
    """An option, a statement or an item: its letter, how that looks, and its lines."""

    letter: str
    label_looks: tuple[Look, ...]
    starred: bool
    lines: list[Line] = field(default_factory=list)
    # True, false, or not said beside it.
    judged: bool | None = None

    @property
    def small(self) -> bool:
        """Whether its letter is a small one."""
        return self.letter.islower()

    def text(self) -> str:
        """Its lines."""
        return "\n".join(line.words() for line in self.lines).strip()


@dataclass
class Asked:
    """A question of a paper with all that belongs to it."""

    number: int
    line: int
    topic: str
    part: str
    part_title: str
    prompt: list[Line] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    keys: list[Said] = field(default_factory=list)
    explanation: list[str] = field(default_factory=list)
    whys: dict[str, str] = field(default_factory=dict)
    criteria: list[tuple[str, int]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    source: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    many: bool = False
    # How its right options are marked, where nothing else says them.
    looks: frozenset[str] = frozenset()
    difficulty: int = 2

    def note(self, sentence: str) -> None:
        """Remember this sentence, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)


@dataclass
class Paper:
    """A paper taken apart."""

    questions: list[Asked] = field(default_factory=list)
    # Answers that stand apart from their questions.
    answers: list[Said] = field(default_factory=list)
    explanations: list[Said] = field(default_factory=list)
    whys: list[tuple[Said, str]] = field(default_factory=list)
    criteria: list[tuple[Said, str, int]] = field(default_factory=list)
    skipped: list[Line] = field(default_factory=list)
