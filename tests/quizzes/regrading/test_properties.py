"""Whatever was answered and ruled: the arithmetic is exact, and favour never takes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from quizzes.attempts.grading import (
    PERCENT,
    POINT,
    AnsweredItem,
    Verdict,
    grade_attempt,
    grade_item,
    to_decimal,
)
from quizzes.attempts.regraded import GradedItem, figures_of, regrade_items
from tests.quizzes.test_grading import content, items

EFFECTS = ["key", "void", "credit", "original"]


@st.composite
def verdicts(draw, item, *, favour=None):
    """A ruling that fits the item; its key is drawn anew."""
    effect = draw(st.sampled_from(EFFECTS))
    kind = item.content["kind"]
    keys = "".join(option["key"] for option in item.content["options"])
    size = 1 if kind != "multiple" else draw(st.integers(1, len(keys) - 1))
    right = draw(st.sets(st.sampled_from(keys), min_size=size, max_size=size))
    return Verdict(
        effect=effect,
        favour=draw(st.booleans()) if favour is None else favour,
        content=content(kind, right, keys) if effect == "key" else None,
    )


@st.composite
def ruled(draw, *, favour=None):
    item = draw(items())
    if draw(st.booleans()):
        return item
    return with_ruling(item, draw(verdicts(item, favour=favour)))


def with_ruling(item, verdict):
    return AnsweredItem(item.content, item.points, item.answer, item.mark, verdict)


sheets = st.lists(ruled(), min_size=1, max_size=8)
passes = st.integers(0, 100)


@given(sheets, passes)
def test_points_lie_between_nothing_and_the_maximum(sheet, pass_percent):
    result = grade_attempt(sheet, pass_percent=pass_percent)
    assert 0 <= result.points <= result.max_points
    assert 0 <= result.percent <= 100
    assert result.max_points > 0
    for item, earned in zip(sheet, result.earned, strict=True):
        assert 0 <= earned <= item.points


@given(sheets, passes)
def test_void_questions_stand_in_neither_sum(sheet, pass_percent):
    result = grade_attempt(sheet, pass_percent=pass_percent)
    counted = [n for n, out in enumerate(result.voided) if not out]
    if all(item.effect == "void" for item in sheet):
        assert counted == []
        assert result.points == result.max_points == sum(item.points for item in sheet)
        return
    total = sum((grade_item(sheet[n]) for n in counted), Fraction(0))
    most = sum(sheet[n].points for n in counted)
    assert result.points == to_decimal(total, POINT)
    assert result.max_points == most
    assert result.percent == to_decimal(total / most * 100, PERCENT)
    assert result.passed == (total * 100 >= pass_percent * most)


@given(st.lists(ruled(favour=True), min_size=1, max_size=8), passes)
def test_rulings_in_favour_never_lower_what_is_graded_by_them(sheet, pass_percent):
    plain = grade_attempt([with_ruling(item, None) for item in sheet], pass_percent=pass_percent)
    result = grade_attempt(sheet, pass_percent=pass_percent)
    assert result.percent >= plain.percent
    assert result.passed >= plain.passed


@given(st.lists(ruled(favour=True), min_size=2, max_size=6))
def test_in_favour_the_void_questions_left_out_are_the_best_choice(sheet):
    """Compared with every choice there is."""
    if all(item.effect == "void" for item in sheet):
        return
    result = grade_attempt(sheet, pass_percent=50)
    earned = [grade_item(item) for item in sheet]
    free = [n for n, item in enumerate(sheet) if item.effect == "void"]
    best = Fraction(0)
    for choice in range(2 ** len(free)):
        out = {n for place, n in enumerate(free) if choice >> place & 1}
        kept = [n for n in range(len(sheet)) if n not in out]
        best = max(
            best, sum(earned[n] for n in kept) / Fraction(sum(sheet[n].points for n in kept))
        )
    assert result.percent == to_decimal(best * 100, PERCENT)


def stored(sheet, result, place, verdict):
    return [
        GradedItem(
            with_ruling(item, verdict) if n == place else item,
            result.earned[n],
            result.voided[n],
            concerned=n == place,
        )
        for n, item in enumerate(sheet)
    ]


@given(sheets, passes, st.data())
def test_a_history_of_regrades(sheet, pass_percent, data):
    """Each step: favour never lowers, the same again changes nothing, sums are those of items."""
    result = grade_attempt(sheet, pass_percent=pass_percent)
    for _step in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(sheet) - 1))
        verdict = data.draw(verdicts(sheet[place]))
        before = figures_of(result)
        after = regrade_items(
            stored(sheet, result, place, verdict),
            pass_percent=pass_percent,
            before=before,
            favour=verdict.favour,
        )
        sheet = [with_ruling(item, verdict) if n == place else item for n, item in enumerate(sheet)]
        if after is None:
            continue
        if verdict.favour:
            assert (after.percent, after.passed) >= (before.percent, before.passed)
            assert after.passed >= before.passed
        counted = [n for n, out in enumerate(after.voided) if not out or all(after.voided)]
        assert after.max_points == sum(sheet[n].points for n in counted)
        slack = after.points - sum((after.earned[n] for n in counted), Decimal(0))
        assert 0 <= slack <= POINT * len(sheet)
        again = regrade_items(
            stored(sheet, after, place, verdict),
            pass_percent=pass_percent,
            before=figures_of(after),
            favour=verdict.favour,
        )
        assert again is None
        result = after
