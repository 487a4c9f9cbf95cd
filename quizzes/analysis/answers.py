"""What was answered to a question version, as tables: options by thirds, parts by answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import get_language

from quizzes.analysis.counting import Counted
from quizzes.analysis.figures import Table, thirds
from quizzes.bank.content import QuestionContent, in_language
from quizzes.bank.kinds import get_kind
from quizzes.bank.kinds.base import Kind
from quizzes.bank.kinds.choices import ChoiceKind, letter
from quizzes.bank.kinds.parts import PartsKind, by_part

# The commonest answers of a part that are shown.
SHOWN = 8


@dataclass(frozen=True)
class AnswerRow:
    """One answer: how often it came in the lower, middle and upper third; `share` of all."""

    label: str
    text: str
    right: bool
    by_third: tuple[int, int, int]
    count: int
    share: Fraction


@dataclass(frozen=True)
class Part:
    """A part of a question with its commonest answers; `others` came besides those shown."""

    label: str
    key: str
    rows: tuple[AnswerRow, ...]
    others: int


@dataclass(frozen=True)
class AnswerTables:
    """How many attempts each third has (lower, middle, upper), and what they answered."""

    sizes: tuple[int, int, int]
    options: tuple[AnswerRow, ...]
    parts: tuple[Part, ...]
    blank: AnswerRow


def answer_tables(counted: Counted, content: QuestionContent) -> AnswerTables:
    """The tables of a version, its texts in the language of the page."""
    content = in_language(content, get_language())
    kind = get_kind(content["kind"])
    scores: Counter[Fraction] = Counter()
    for cell, n in counted.cells.items():
        scores[cell.score] += n
    of_score = thirds(scores) if scores else {}
    sizes = _by_third(scores, of_score)
    table = _Table(counted, of_score, sum(scores.values()))
    return AnswerTables(
        sizes=sizes,
        options=table.options(content) if isinstance(kind, ChoiceKind) else (),
        parts=() if isinstance(kind, ChoiceKind) else table.parts(kind, content),
        blank=AnswerRow(
            "",
            "",
            False,
            _by_third(counted.blanks, of_score),
            counted.blank,
            Fraction(counted.blank, max(sum(scores.values()), 1)),
        ),
    )


def _by_third(scores: Table, of_score: dict[Fraction, int]) -> tuple[int, int, int]:
    found = [0, 0, 0]
    for score, n in scores.items():
        found[of_score[score]] += n
    return found[0], found[1], found[2]


class _Table:
    def __init__(self, counted: Counted, of_score: dict[Fraction, int], count: int) -> None:
        self._counted, self._of_score, self._count = counted, of_score, max(count, 1)

    def _row(self, answer: str, *, label: str, text: str, right: bool) -> AnswerRow:
        scores: Counter[Fraction] = Counter()
        for (most, total), n in self._counted.answers.get(answer, {}).items():
            scores[Fraction(total, most)] += n
        count = sum(scores.values())
        return AnswerRow(
            label, text, right, _by_third(scores, self._of_score), count,
            Fraction(count, self._count),
        )  # fmt: skip

    def options(self, content: QuestionContent) -> tuple[AnswerRow, ...]:
        return tuple(
            self._row(
                option["key"], label=letter(place), text=option["text"], right=option["right"]
            )
            for place, option in enumerate(content["options"])
        )

    def parts(self, kind: Kind, content: QuestionContent) -> tuple[Part, ...]:
        right = kind.right_answer(content)
        names = list(by_part(right)) if isinstance(kind, PartsKind) else [""]
        if isinstance(kind, PartsKind):
            # In the order in which the kind reviews them.
            names = [name for name in kind.order(content) if name in names]
        keys = kind.reviewed(content, kind.order(content), right).parts
        return tuple(
            self._part(kind, content, place, f"{name}=" if name else "",
                       f"{key.label} {key.text}".strip(), key.key)
            for place, (name, key) in enumerate(zip(names, keys, strict=False))
        )  # fmt: skip

    def _part(
        self, kind: Kind, content: QuestionContent, place: int, prefix: str, label: str, key: str
    ) -> Part:
        found = [
            (sum(table.values()), answer)
            for answer, table in self._counted.answers.items()
            if answer.startswith(prefix)
        ]
        found.sort(key=lambda pair: (-pair[0], pair[1]))
        rows = []
        for _n, answer in found[:SHOWN]:
            seen = kind.reviewed(content, kind.order(content), [answer]).parts[place]
            rows.append(self._row(answer, label="", text=seen.given, right=seen.right))
        return Part(label, key, tuple(rows), sum(n for n, _answer in found[SHOWN:]))
