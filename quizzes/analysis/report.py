"""The report of a quiz or a question: figures and remarks made of what was counted."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from django.core.cache import cache
from django.utils.translation import gettext as _

from quizzes.analysis.answers import AnswerTables, answer_tables
from quizzes.analysis.counting import (
    Counted,
    Selection,
    Totals,
    count_answers,
    count_attempts,
)
from quizzes.analysis.figures import (
    UNIT,
    Cell,
    Distribution,
    Item,
    Reliability,
    distribution,
    item_figures,
    quantile,
    reliability_of_all,
    reliability_of_draws,
)
from quizzes.analysis.flags import Flag, enough_for_items, flags_of
from quizzes.bank.content import QuestionContent
from quizzes.bank.models import QuestionVersion
from quizzes.bank.versions import read_contents

KEPT_SECONDS = 600
BINS = 10
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class ItemReport:
    """A question version with its figures; `seconds` is the median time of an answer."""

    version_id: int
    question_id: int
    number: int
    content: QuestionContent
    figures: Item
    blank: int
    seconds: Fraction | None
    flags: tuple[Flag, ...]
    answers: AnswerTables

    @property
    def is_enough(self) -> bool:
        """Whether its figures rest on enough attempts to be read."""
        return self.figures.count >= enough_for_items()

    @property
    def blank_share(self) -> Fraction:
        """The share of attempts that left it without an answer."""
        return Fraction(self.blank, self.figures.count)


@dataclass(frozen=True)
class Report:
    """What there is to say of the attempts of a selection.

    `bins` counts scores by tenths, the last with the full score; `scores` are shares of all points.
    `reliability` is None where it cannot be told, and `why_not` says why.
    """

    count: int
    passed: int
    scores: Distribution | None
    bins: tuple[int, ...]
    seconds: Fraction | None
    reliability: Reliability | None
    is_kr20: bool
    is_of_draws: bool
    why_not: str
    items: tuple[ItemReport, ...]

    @property
    def is_enough(self) -> bool:
        """Whether its figures rest on enough attempts to be read."""
        return self.count >= enough_for_items()

    @property
    def pass_rate(self) -> Fraction | None:
        """The share of attempts that passed."""
        return Fraction(self.passed, self.count) if self.count else None


def get_report(selection: Selection) -> Report:
    """The report of the selection; what was counted is kept while nothing was handed in since."""
    key = f"analysis:{_name(selection)}:{selection.stamp()}"
    kept = cache.get(key)
    if kept is None:
        kept = count_attempts(selection), count_answers(selection)
        cache.set(key, kept, KEPT_SECONDS)
    return build_report(*cast("tuple[Totals, dict[int, Counted]]", kept))


def _name(selection: Selection) -> str:
    values = vars(selection).values()
    return ":".join("-" if value is None else str(value) for value in values)


def build_report(totals: Totals, counted: Mapping[int, Counted]) -> Report:
    """The report of what was counted; two queries at most, for texts and numbers of versions."""
    shares: Counter[Fraction] = Counter()
    for (most, total), n in totals.scores.items():
        shares[Fraction(total, most)] += n
    reliability, of_draws, why_not = _reliability(totals, counted)
    return Report(
        count=totals.count,
        passed=totals.passed,
        scores=distribution(shares),
        bins=_bins(shares),
        seconds=_median(totals.seconds),
        reliability=reliability,
        is_kr20=_all_or_nothing(counted),
        is_of_draws=of_draws,
        why_not=why_not,
        items=_items(counted),
    )


def _items(counted: Mapping[int, Counted]) -> tuple[ItemReport, ...]:
    numbers = dict(QuestionVersion.objects.filter(pk__in=counted).values_list("pk", "number"))
    contents = read_contents(counted)
    found = []
    for version, one in counted.items():
        figures = item_figures(one.cells)
        if figures is None:
            continue
        tables = answer_tables(one, contents[version])
        chosen = [(row.label, row.right, row.count) for row in tables.options]
        found.append(
            ItemReport(
                version_id=version,
                question_id=one.question_id,
                number=numbers[version],
                content=contents[version],
                figures=figures,
                blank=one.blank,
                seconds=_median(one.seconds),
                flags=flags_of(
                    figures,
                    blank=one.blank,
                    chosen=chosen,
                    chooses_one=sum(right for _letter, right, _n in chosen) == 1,
                ),
                answers=tables,
            )
        )
    return tuple(sorted(found, key=lambda item: (item.question_id, item.number)))


def _bins(shares: Mapping[Fraction, int]) -> tuple[int, ...]:
    found = [0] * BINS
    for share, n in shares.items():
        found[min(max(math.floor(share * BINS), 0), BINS - 1)] += n
    return tuple(found)


def _median(seconds: Mapping[int, int]) -> Fraction | None:
    if not seconds:
        return None
    return quantile({Fraction(value): n for value, n in seconds.items()}, HALF)


def _all_or_nothing(counted: Mapping[int, Counted]) -> bool:
    """Whether every question earned all of its points or none: alpha is KR-20 then."""
    worth = {cell.points for one in counted.values() for cell in one.cells}
    earned = {cell.earned for one in counted.values() for cell in one.cells}
    return len(worth) == 1 and earned <= {0, *worth}


def _reliability(
    totals: Totals, counted: Mapping[int, Counted]
) -> tuple[Reliability | None, bool, str]:
    """The coefficient, whether it is that of random draws, and why there is none."""
    if totals.count < 2:
        return None, False, _("It takes two attempts at least.")
    if len({most for most, _total in totals.scores}) > 1:
        return None, False, _("The attempts were not all worth the same points.")
    most = next(iter(totals.scores))[0]
    sums: Counter[Fraction] = Counter()
    for (_most, total), n in totals.scores.items():
        sums[Fraction(total, UNIT)] += n
    if len(sums) < 2:
        return None, False, _("All attempts have the same score.")
    by_question: dict[int, Counter[Cell]] = defaultdict(Counter)
    for one in counted.values():
        by_question[one.question_id].update(one.cells)
    if len(by_question) < 2:
        return None, False, _("It takes two questions at least.")
    if all(sum(cells.values()) == totals.count for cells in by_question.values()):
        found = reliability_of_all(
            [_earned(cells) for cells in by_question.values()], sums, most // UNIT
        )
        return found, False, ""
    return _of_draws(by_question, sums, totals.count, most)


def _of_draws(
    by_question: Mapping[int, Mapping[Cell, int]],
    sums: Mapping[Fraction, int],
    count: int,
    most: int,
) -> tuple[Reliability | None, bool, str]:
    cells: Counter[Cell] = Counter()
    for one in by_question.values():
        cells.update(one)
    asked, rest = divmod(sum(cells.values()), count)
    worth = {cell.points for cell in cells}
    if rest or len(worth) > 1 or asked * next(iter(worth)) != most:
        return None, True, _("People had different questions, which were not worth the same.")
    if asked < 2:
        return None, True, _("It takes two questions at least.")
    squares = sum((Fraction(c.earned, UNIT) ** 2 * n for c, n in cells.items()), Fraction(0))
    return reliability_of_draws(squares, sums, asked, most // UNIT), True, ""


def _earned(cells: Mapping[Cell, int]) -> Counter[Fraction]:
    found: Counter[Fraction] = Counter()
    for cell, n in cells.items():
        found[Fraction(cell.earned, UNIT)] += n
    return found
