"""Each of Moodle's kinds of question as a draft."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from lxml import etree

from quizzes.bank.content import OptionSpec, clean_text
from quizzes.exchange.base import Draft
from quizzes.exchange.decimals import parsed, vietnamese, with_point
from quizzes.exchange.formats.moodle_xml.cloze import GAP, NUMERIC, WRITTEN, Gap, parse_gap
from quizzes.exchange.formats.moodle_xml.source import (
    QuestionError,
    Source,
    feedback_of,
    file_picture,
)
from quizzes.exchange.pictures import area_of, size_of
from quizzes.exchange.xml import child, children, text_at

_TRUE_WORDS = frozenset({"đúng", "true", "đ", "t", "correct"})
_FALSE_WORDS = frozenset({"sai", "false", "s", "f", "incorrect"})
_CRITERION = re.compile(r"[-•*+]?\s*(.+?)\s*\(\s*(\d{1,3})\s*(?:điểm|đ|points?|marks?)\s*\)\.?")
_NEAR = 0.01


def _percent(answer: etree._Element) -> float:
    """The share of the mark that an answer earns, in percent."""
    try:
        return float(answer.get("fraction") or text_at(answer, "fraction") or 0)
    except ValueError as error:
        raise QuestionError(_("The share of an answer is no number.")) from error


def _prompt(source: Source) -> str:
    return source.prompt(child(source.element, "questiontext"))


def _said(element: etree._Element, tag: str) -> bool:
    return text_at(element, tag).casefold() in ("1", "true")


def _options(source: Source) -> list[tuple[float, OptionSpec]]:
    """The answers with their shares."""
    found = []
    for answer in children(source.element, "answer"):
        text, picture = source.illustrated(answer)
        option: OptionSpec = {"text": text}
        if picture:
            option["picture"] = picture
        if why := feedback_of(source, answer):
            option["why"] = why
        found.append((_percent(answer), option))
    return found


def _choice(source: Source) -> Draft:
    prompt = _prompt(source)
    answers = _options(source)
    single = text_at(source.element, "single").casefold() in ("", "true", "1")
    settings = {} if single else _scoring(source, answers)
    for percent, option in answers:
        if percent >= 100 - _NEAR if single else percent > 0:
            option["right"] = True
        elif single and percent > 0:
            source.note(
                _("Options that earn a part of the mark earn nothing here: «%(text)s».")
                % {"text": option.get("text", "")[:60]}
            )
    options = [option for _percent, option in answers]
    if single and sum(bool(option.get("right")) for option in options) != 1:
        raise QuestionError(_("Not exactly one option earns the whole mark."))
    if text_at(source.element, "shuffleanswers").casefold() in ("0", "false"):
        for option in options:
            option["pinned"] = True
    return Draft("single" if single else "multiple", prompt, options, settings=settings)


def _scoring(source: Source, answers: list[tuple[float, OptionSpec]]) -> dict[str, str]:
    """How several right options are marked: all or nothing, or in parts."""
    rights = [percent for percent, _option in answers if percent > 0]
    wrongs = [percent for percent, _option in answers if percent <= 0]
    even = all(abs(percent - 100 / len(rights)) < _NEAR for percent in rights)
    if even and len(wrongs) > 1 and all(percent <= -100 + _NEAR for percent in wrongs):
        source.note(_("Marked all or nothing here: there, right options alone earn their parts."))
        return {}
    fair = all(abs(percent + 100 / len(wrongs)) < _NEAR for percent in wrongs)
    if not even or not fair:
        source.note(
            _("Marked in equal parts here, wrong choices take away; the file has other shares.")
        )
    return {"scoring": "penalty"}


def _choice_set(source: Source) -> Draft:
    draft_options = _options(source)
    for percent, option in draft_options:
        if percent > 0:
            option["right"] = True
    return Draft("multiple", _prompt(source), [option for _percent, option in draft_options])


def _true_false(source: Source) -> Draft:
    options: dict[str, OptionSpec] = {}
    for answer in children(source.element, "answer"):
        word = text_at(answer, "text").casefold()
        text = "Đúng" if word in _TRUE_WORDS else "Sai"
        option: OptionSpec = {"text": text}
        if _percent(answer) > 0:
            option["right"] = True
        if why := feedback_of(source, answer):
            option["why"] = why
        options[text] = option
    rights = [option for option in options.values() if option.get("right")]
    if set(options) != {"Đúng", "Sai"} or len(rights) != 1:
        raise QuestionError(_("Not exactly one of true and false is right."))
    return Draft("true_false", _prompt(source), [options["Đúng"], options["Sai"]])


def _matching(source: Source) -> Draft:
    prompt = _prompt(source)
    rows: list[tuple[OptionSpec, str]] = []
    for row in children(source.element, "subquestion"):
        text, picture = source.illustrated(row)
        option: OptionSpec = {"text": text} if text else {}
        if picture:
            option["picture"] = picture
        rows.append((option, clean_text(text_at(row, "answer", "text"))))
    words = {match.casefold() for _option, match in rows}
    if words and words <= _TRUE_WORDS | _FALSE_WORDS:
        return Draft("statements", prompt, _statements(rows))
    return Draft("matching", prompt, [{**option, "match": match} for option, match in rows])


def _statements(rows: list[tuple[OptionSpec, str]]) -> list[OptionSpec]:
    return [
        {**option, "right": True} if match.casefold() in _TRUE_WORDS else option
        for option, match in rows
        if option.get("text")
    ]


def _ordering(source: Source) -> Draft:
    prompt = _prompt(source)
    if text_at(source.element, "gradingtype") not in ("", "0", "ABSOLUTE_POSITION"):
        source.note(_("Each item in its right place earns its share here; there it is otherwise."))
    if text_at(source.element, "selecttype") not in ("", "0", "ALL"):
        source.note(_("All items are asked here; there only some are."))
    answers = sorted(_options(source), key=lambda pair: pair[0])
    return Draft("ordering", prompt, [option for _place, option in answers])


def _cloze(source: Source) -> Draft:
    body = child(source.element, "questiontext")
    html = source.raw(body)
    gaps = [parse_gap(found) for found in GAP.finditer(html)]
    if not gaps:
        raise QuestionError(_("The text has no gap to fill in."))
    known = WRITTEN | NUMERIC
    if len(gaps) == 1 and gaps[0].type in NUMERIC:
        return _number_in_text(source, body, html, gaps[0])
    if any(gap.type not in known for gap in gaps):
        source.note(_("A gap that was chosen from a list is filled in by writing here."))
    if any(gap.type in NUMERIC for gap in gaps):
        source.note(_("A number in a gap has to be written as it is: without a tolerance."))
    if len({gap.weight for gap in gaps}) > 1:
        source.note(_("Every gap weighs the same here; there they differ."))
    count = iter(range(1, len(gaps) + 1))
    prompt = source.prompt(body, GAP.sub(lambda _found: f"[[{next(count)}]]", html))
    options = [
        option
        for place, gap in enumerate(gaps, start=1)
        for option in _accepted(source, place, gap)
    ]
    return Draft("blank", prompt, options)


def _accepted(source: Source, place: int, gap: Gap) -> list[OptionSpec]:
    if not gap.right:
        raise QuestionError(_("Gap %(gap)s has no accepted answer.") % {"gap": place})
    if len(gap.right) < len(gap.alternatives) and gap.type in WRITTEN:
        source.note(_("Answers that earn only a part of the mark are left out."))
    options: list[OptionSpec] = []
    for one in gap.right:
        text = one.text.partition(":")[0].replace(".", ",") if gap.type in NUMERIC else one.text
        option: OptionSpec = {"text": text, "gap": place}
        if one.why:
            option["why"] = one.why
        options.append(option)
    return options


def _number_in_text(source: Source, body: etree._Element | None, html: str, gap: Gap) -> Draft:
    prompt = source.prompt(body, GAP.sub("_____", html))
    if len(gap.right) != 1:
        raise QuestionError(_("Not exactly one number earns the whole mark."))
    text, _colon, tolerance = gap.right[0].text.partition(":")
    return _number_draft(prompt, text, tolerance or "0", gap.right[0].why, {})


def _short(source: Source) -> Draft:
    prompt = _prompt(source)
    options: list[OptionSpec] = []
    for percent, option in _options(source):
        if percent < 100 - _NEAR or option.get("text") == "*":
            source.note(_("Answers that earn only a part of the mark are left out."))
            continue
        if "*" in option.get("text", ""):
            source.note(_("A star stands for any words there; here it is a star."))
        option["gap"] = 1
        options.append(option)
    if _said(source.element, "usecase"):
        source.note(_("Capitals matter there; here they never do."))
    if not options:
        raise QuestionError(_("No answer earns the whole mark."))
    return Draft("blank", f"{prompt} [[1]]", options)


def _number(source: Source) -> Draft:
    prompt = _prompt(source)
    full, partial = [], False
    for answer in children(source.element, "answer"):
        if _percent(answer) >= 100 - _NEAR and text_at(answer, "text") != "*":
            full.append(answer)
        else:
            partial = True
    if len(full) != 1:
        raise QuestionError(_("Not exactly one number earns the whole mark."))
    if partial:
        source.note(_("Answers that earn only a part of the mark are left out."))
    tolerance = text_at(full[0], "tolerance") or "0"
    settings = _unit(source)
    why = feedback_of(source, full[0])
    return _number_draft(prompt, text_at(full[0], "text"), tolerance, why, settings)


def _number_draft(
    prompt: str, text: str, tolerance: str, why: str, settings: dict[str, object]
) -> Draft:
    number, allowed = parsed(text.replace(",", ".")), parsed(tolerance.replace(",", "."))
    if number is None or allowed is None:
        raise QuestionError(_("«%(text)s» is no number.") % {"text": f"{text} ± {tolerance}"[:80]})
    option: OptionSpec = {"text": vietnamese(number)}
    if why:
        option["why"] = why
    if allowed:
        settings = {"tolerance": vietnamese(allowed), **settings}
    return Draft("number", prompt, [option], settings=settings)


def _unit(source: Source) -> dict[str, object]:
    names = []
    for unit in children(child(source.element, "units"), "unit"):
        name = clean_text(text_at(unit, "unit_name"))
        factor = parsed(text_at(unit, "multiplier") or "1")
        if factor is None or factor != 1:
            source.note(
                _("The unit «%(unit)s» (times %(factor)s) is left out.")
                % {"unit": name[:40], "factor": with_point(factor) if factor else "?"}
            )
        elif name:
            names.append(name.replace(";", ","))
    settings: dict[str, object] = {"unit": "; ".join(names)} if names else {}
    if names and text_at(source.element, "unitgradingtype") not in ("", "0"):
        settings["ask_unit"] = True
    return settings


def _essay(source: Source) -> Draft:
    prompt = _prompt(source)
    info = source.text(child(source.element, "graderinfo"))
    lines = [line for line in info.splitlines() if line.strip()]
    found = [_CRITERION.fullmatch(line.strip()) for line in lines]
    if text_at(source.element, "responsetemplate", "text"):
        source.note(_("The text to begin with is not kept."))
    options: list[OptionSpec] = []
    if all(found):
        options = [{"text": one[1], "points": int(one[2])} for one in found if one]
    elif info:
        source.note(
            _("What the graders are told is no list of criteria: «%(text)s»") % {"text": info[:500]}
        )
    return Draft("essay", prompt, options)


def _hotspot(source: Source) -> Draft:
    prompt = _prompt(source)
    ground = next(
        (one for file in children(source.element, "file") if (one := file_picture(file))), None
    )
    size = size_of(ground.data) if ground else None
    if ground is None or size is None:
        raise QuestionError(_("The picture to point at is missing, or none we can show."))
    names = {
        text_at(drag, "no"): clean_text(text_at(drag, "text"))
        for drag in children(source.element, "drag")
    }
    options: list[OptionSpec] = []
    for drop in children(source.element, "drop"):
        area = _area(drop, size)
        if not area:
            raise QuestionError(_("A region of the picture is neither a rectangle nor a circle."))
        name = names.get(text_at(drop, "choice"), "")
        options.append({"text": name, "area": area, "right": True})
    if len(options) > 1:
        source.note(_("There each marker has its own region; here any right region will do."))
    return Draft("hotspot", prompt, options, picture=source.keep(ground))


def _area(drop: etree._Element, size: tuple[int, int]) -> str:
    wanted = {"circle": 3, "rectangle": 4}.get(text_at(drop, "shape"), 0)
    try:
        pixels = [Decimal(one) for one in re.split("[,;]", text_at(drop, "coords"))]
    except InvalidOperation:
        return ""
    return area_of(pixels, size) if len(pixels) == wanted else ""


READERS: dict[str, Callable[[Source], Draft]] = {
    "multichoice": _choice,
    "multichoiceset": _choice_set,
    "truefalse": _true_false,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "multianswer": _cloze,
    "shortanswer": _short,
    "numerical": _number,
    "essay": _essay,
    "ddmarker": _hotspot,
}
