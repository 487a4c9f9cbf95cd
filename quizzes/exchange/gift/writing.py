"""Drafts to a GIFT text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from quizzes.bank.content import OptionSpec
from quizzes.bank.kinds import kind_names
from quizzes.bank.kinds.number import readings
from quizzes.exchange.base import Draft, Loss
from quizzes.exchange.gift.marks import FALSE, TRUE, escape, mark
from quizzes.exchange.table import letter_of, settings_text
from quizzes.exchange.texts import printable

_GAP = re.compile(r"\[\[(\d+)\]\]")
# Written as pairs with an arrow.
_PAIRS = frozenset({"matching", "statements", "ordering"})
KINDS = frozenset(
    {"single", "multiple", "true_false", "statements", "matching", "ordering", "blank", "number"}
)


def write_text(drafts: Sequence[Draft]) -> tuple[str, list[Loss]]:
    """The drafts as GIFT, and what got lost."""
    losses: list[Loss] = []
    parts: list[str] = []
    topic = ""
    for index, draft in enumerate(drafts):
        if reason := _unsayable(draft):
            losses.append(Loss(index, reason, whole=True))
            continue
        losses.extend(Loss(index, sentence) for sentence in _losses(draft))
        if draft.topic != topic:
            topic = draft.topic
            parts.append(f"$CATEGORY: {topic.replace('/', '//') or 'top'}\n")
        parts.append(_question(draft, index))
    return "\n".join(parts), losses


def _unsayable(draft: Draft) -> str:
    """Why the question cannot stand in such a file at all; empty if it can."""
    if draft.kind not in KINDS or draft.kind not in kind_names():
        return _("GIFT does not know this kind of question.")
    if draft.kind == "blank" and len(_GAP.findall(draft.prompt)) != 1:
        return _("GIFT holds one gap in a question.")
    if draft.kind == "number" and (len(draft.options) != 1 or _decimal(_first(draft)) is None):
        return _("The right number cannot be read.")
    rows = draft.options if draft.kind in ("matching", "statements", "ordering") else []
    if any("->" in one.get("text", "") for one in rows):
        return _("GIFT cannot have «->» in a row.")
    return ""


def _losses(draft: Draft) -> list[str]:
    lost = []
    if draft.picture or any(option.get("picture") for option in draft.options):
        lost.append(_("Pictures are left out."))
    english = (o.get(n) for o in draft.options for n in ("text_en", "why_en", "match_en"))
    if draft.prompt_en or draft.explanation_en or any(english):
        lost.append(_("The English texts are left out."))
    if draft.sources:
        lost.append(_("Sources are left out."))
    if any(option.get("points") or option.get("area") for option in draft.options):
        lost.append(_("Points and areas of options are left out."))
    if draft.kind == "matching" and any(not option.get("text") for option in draft.options):
        lost.append(_("Other programs may want three rows with texts in a matching question."))
    if _why_marks(draft):
        lost.append(_("Why each row is right stands only in a comment."))
    if own := _own_marks(draft):
        lost.append(
            _("Only in a comment, which other programs pass over: %(marks)s")
            % {"marks": " ".join(own)}
        )
    return lost


def _own_marks(draft: Draft) -> list[str]:
    """The marks that nobody but this program reads."""
    marks = []
    if draft.kind in ("statements", "ordering", "blank") or _renamed(draft):
        marks.append(mark("kind", draft.kind))
    if draft.difficulty != 2:
        marks.append(mark("difficulty", str(draft.difficulty)))
    if draft.objective:
        marks.append(mark("objective", draft.objective))
    if draft.reference:
        marks.append(mark("reference", draft.reference))
    pinned = [letter_of(n) for n, option in enumerate(draft.options) if option.get("pinned")]
    if pinned:
        marks.append(mark("pinned", ",".join(pinned)))
    settings = dict(draft.settings)
    if draft.kind == "multiple" and settings.get("scoring") != "penalty":
        settings["scoring"] = "all"
    elif draft.kind == "multiple":
        settings.pop("scoring")
    if draft.kind == "number" and "tolerance_as" not in settings:
        settings.pop("tolerance", None)
    marks.extend(mark("set", line) for line in settings_text(settings).splitlines())
    return marks


def _why_marks(draft: Draft) -> list[str]:
    """Why each row is as it is: GIFT knows no feedback of rows, and others stop at it."""
    if draft.kind not in _PAIRS:
        return []
    return [
        mark("why", f"{letter_of(place)} {option['why']}")
        for place, option in enumerate(draft.options)
        if option.get("why")
    ]


def _renamed(draft: Draft) -> bool:
    """Whether true and false have other names or another order than GIFT gives them."""
    texts = [option.get("text", "") for option in draft.options]
    return draft.kind == "true_false" and texts != [TRUE, FALSE]


def _question(draft: Draft, index: int) -> str:
    marks = [mark("id", draft.key)] if draft.key else []
    marks += [mark("tag", tag) for tag in draft.tags]
    marks += _own_marks(draft)
    lines = [f"// {' '.join(marks)}"] if marks else []
    lines += [f"// {one}" for one in _why_marks(draft)]
    title = escape(draft.key or str(index + 1))
    prompt = printable(draft.prompt)
    if draft.kind == "blank":
        before, _number, after = _GAP.split(prompt, maxsplit=1)
    else:
        before, after = prompt, ""
    plain = "[plain]" if before.lstrip().startswith("[") else ""
    general = f"\n\t####{_safe(draft.explanation)}" if draft.explanation else ""
    body = f"{{{_answers(draft)}{general}\n}}"
    lines.append(f"::{title}::{plain}{escape(before)}{body}{escape(after)}\n")
    return "\n".join(lines)


def _safe(text: str) -> str:
    """A text behind a sign: nothing at its beginning is taken for syntax."""
    text = printable(text)
    return f"[plain]{escape(text)}" if text.startswith("[") else escape(text)


def _answers(draft: Draft) -> str:
    if draft.kind == "true_false" and not _renamed(draft):
        return _truth(draft)
    if draft.kind == "number":
        return _number(draft)
    return "".join(f"\n\t{line}" for line in _lines(draft))


def _lines(draft: Draft) -> list[str]:
    right = sum(1 for option in draft.options if option.get("right"))
    wrong = len(draft.options) - right
    lines = []
    for place, option in enumerate(draft.options):
        has_why = option.get("why") and draft.kind not in _PAIRS
        why = f" #{_safe(option['why'])}" if has_why else ""
        text = _safe(option.get("text", ""))
        if draft.kind == "matching":
            text += f" -> {_safe(option.get('match', ''))}"
        elif draft.kind == "statements":
            text += f" -> {TRUE if option.get('right') else FALSE}"
        elif draft.kind == "ordering":
            text += f" -> {place + 1}"
        lines.append(f"{_sign(draft.kind, option, right, wrong)}{text}{why}")
    return lines


def _sign(kind: str, option: OptionSpec, right: int, wrong: int) -> str:
    """What begins an answer: its sign, and its weight where there has to be one."""
    is_right = bool(option.get("right"))
    if kind == "multiple":
        share = Decimal(100) / (right if is_right else wrong)
        weight = f"{share.quantize(Decimal('0.00001')).normalize():f}"
        return f"~%{weight}%" if is_right else f"~%-{weight}%"
    plain = kind in ("single", "true_false")
    sign = "=" if is_right or not plain else "~"
    weight = "%100%" if sign == "=" else "%0%"
    # Else the text's own beginning would be taken for a weight.
    return sign + weight if option.get("text", "").startswith("%") else sign


def _truth(draft: Draft) -> str:
    truth = bool(draft.options[0].get("right"))
    right, wrong = draft.options if truth else reversed(draft.options)
    text = "TRUE" if truth else "FALSE"
    if wrong.get("why") or right.get("why"):
        text += f"#{_safe(wrong.get('why', ''))}"
    return text + (f"#{_safe(right['why'])}" if right.get("why") else "")


def _number(draft: Draft) -> str:
    value = _decimal(_first(draft)) or Decimal(0)
    tolerance = abs(_decimal(str(draft.settings.get("tolerance", "0"))) or Decimal(0))
    if draft.settings.get("tolerance_as") == "percent":
        tolerance = abs(value) * tolerance / 100
    why = draft.options[0].get("why", "")
    number = f"{value:f}:{tolerance:f}"
    return f"#\n\t={number}#{_safe(why)}" if why else f"#{number}"


def _first(draft: Draft) -> str:
    return draft.options[0].get("text", "") if draft.options else ""


def _decimal(text: str) -> Decimal | None:
    """The one number that `text` is; None for none or several."""
    values, rest = readings(text)
    if len(values) != 1 or rest:
        return None
    value = next(iter(values))
    return Decimal(int(value)) if value == int(value) else value
