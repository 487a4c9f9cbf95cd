"""The interactions of QTI as the kinds of the bank."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from quizzes.bank.content import OptionSpec
from quizzes.exchange.base import Draft
from quizzes.exchange.decimals import parsed, vietnamese
from quizzes.exchange.formats.qti.reading import Element, ItemError, ItemReader, remove
from quizzes.exchange.pictures import area_of, size_of
from quizzes.exchange.xml import child, children, local_name, text_at

_CRITERION = re.compile(r"(.+?)\s*\(\s*(\d{1,3})\s*(?:điểm|đ|points?|marks?)\s*\)\.?")
_TRUE_WORDS = frozenset({"đúng", "true", "đ", "correct", "yes"})
_FALSE_WORDS = frozenset({"sai", "false", "s", "incorrect", "no"})
_OURS = re.compile(r"RESPONSE_(\d{1,2})")
_WRITTEN = frozenset({"textEntryInteraction", "inlineChoiceInteraction"})
_NEAR = 0.001
MOST_TEXT = 100_000


def read_item(reader: ItemReader) -> Draft:
    """The draft of an item; `ItemError` if there is none."""
    body = child(reader.item, "itemBody")
    if local_name(reader.item) != "assessmentItem":
        raise ItemError(_("This is no item and no package of QTI."))
    if body is None:
        raise ItemError(_("The item has no text."))
    draft = _read_kind(reader, body)
    if len(draft.prompt) > MOST_TEXT:
        raise ItemError(_("A text is longer than %(limit)s characters.") % {"limit": MOST_TEXT})
    draft.explanation, draft.pictures = reader.explanation(), reader.pictures
    return draft


def _read_kind(reader: ItemReader, body: Element) -> Draft:
    found = [one for one in body.iter() if local_name(one).endswith("Interaction")]
    names = {local_name(one) for one in found}
    if not found:
        raise ItemError(_("This is a text without a question: it is left out."))
    if names <= _WRITTEN:
        numeric = len(found) == 1 and _base(reader, found[0]) in ("float", "integer")
        return _number(reader, body, found[0]) if numeric else _blank(reader, body, found)
    if len(found) > 1:
        raise ItemError(_("The item asks several questions: it cannot be read as one."))
    name = local_name(found[0])
    if name not in _READERS:
        raise ItemError(_("The interaction «%(name)s» of QTI is not read.") % {"name": name[:40]})
    return _READERS[name](reader, body, found[0])


def _declared(reader: ItemReader, interaction: Element) -> Element | None:
    wanted = interaction.get("responseIdentifier")
    return next(
        (
            one
            for one in children(reader.item, "responseDeclaration")
            if one.get("identifier") == wanted
        ),
        None,
    )


def _base(reader: ItemReader, interaction: Element) -> str:
    declared = _declared(reader, interaction)
    return declared.get("baseType", "") if declared is not None else ""


def _right(reader: ItemReader, interaction: Element) -> list[str]:
    """The right values: those said to be, else those that add something."""
    declared = _declared(reader, interaction)
    values = [
        " ".join("".join(map(str, value.itertext())).split())
        for value in children(child(declared, "correctResponse"), "value")
    ]
    if values:
        return values
    return [key for key, value in _mapped(reader, interaction) if value > 0]


def _mapped(reader: ItemReader, interaction: Element) -> list[tuple[str, float]]:
    declared = _declared(reader, interaction)
    found = []
    for entry in children(child(declared, "mapping"), "mapEntry"):
        try:
            value = float(entry.get("mappedValue") or 0)
        except ValueError as error:
            raise ItemError(_("The share of an answer is no number.")) from error
        found.append((" ".join((entry.get("mapKey") or "").split()), value))
    return found


def _prompt(reader: ItemReader, body: Element, interaction: Element) -> tuple[str, str]:
    """What the item says without its interaction, in whose place its own prompt stands."""
    asked = child(interaction, "prompt")
    for one in list(interaction):
        if one is not asked:
            interaction.remove(one)
    interaction.tag, interaction.text = "div", None
    return reader.prompt(body)


def _choice(reader: ItemReader, body: Element, interaction: Element) -> Draft:
    rights, mapped = _right(reader, interaction), _mapped(reader, interaction)
    declared = _declared(reader, interaction)
    many = declared is not None and declared.get("cardinality") == "multiple"
    fixed = interaction.get("shuffle", "false") != "true"
    ours = "kind-true-false" in interaction.get("class", "").split()
    options: list[OptionSpec] = []
    names = []
    choices = list(children(interaction, "simpleChoice"))
    for choice in choices:
        names.append(choice.get("identifier", ""))
        option = reader.option(choice)
        if names[-1] in rights:
            option["right"] = True
        if fixed or choice.get("fixed") == "true":
            option["pinned"] = True
        options.append(option)
    if not set(rights) <= set(names) or not rights:
        raise ItemError(_("The item does not say which option is right."))
    if not many and len(rights) > 1:
        raise ItemError(_("Not exactly one option earns the whole mark."))
    prompt, picture = _prompt(reader, body, interaction)
    words = [option.get("text", "").casefold() for option in options]
    if len(options) == 2 and not many and fixed and (ours or _true_and_false(words)):
        for option in options:
            option.pop("pinned", None)
        return Draft("true_false", prompt, options, picture=picture)
    settings = _scoring(reader, names, rights, mapped) if many else {}
    if not many and any(0 < value < 1 - _NEAR for key, value in mapped if key not in rights):
        reader.note(_("Options that earn a part of the mark earn nothing here."))
    return Draft("multiple" if many else "single", prompt, options, settings=settings,
                 picture=picture)  # fmt: skip


def _true_and_false(words: list[str]) -> bool:
    return bool({words[0]} & _TRUE_WORDS and {words[1]} & _FALSE_WORDS)


def _scoring(
    reader: ItemReader, names: list[str], rights: list[str], mapped: list[tuple[str, float]]
) -> dict[str, Any]:
    """How several right options are marked: all or nothing, or in parts."""
    processing = child(reader.item, "responseProcessing")
    if processing is None:
        return {}
    by_map = "map_response" in processing.get("template", "") or any(
        local_name(one) == "mapResponse" for one in processing.iter()
    )
    if not by_map:
        return {}
    shares = dict(mapped)
    wrongs = [name for name in names if name not in rights]
    good = sum(shares.get(name, 0) for name in rights)
    even = all(abs(shares.get(name, 0) * len(rights) - good) < _NEAR for name in rights)
    fair = all(abs(shares.get(name, 0) * len(wrongs) + good) < _NEAR for name in wrongs)
    if not (even and fair and good > 0):
        reader.note(
            _("Marked in equal parts here, wrong choices take away; the file has other shares.")
        )
    return {"scoring": "penalty"}


def _match(reader: ItemReader, body: Element, interaction: Element) -> Draft:
    rights = _right(reader, interaction)
    sets = list(children(interaction, "simpleMatchSet"))
    if len(sets) != 2 or not rights:
        raise ItemError(_("The item does not say what belongs together."))
    belongs: dict[str, str] = {}
    for pair in rights:
        row, _space, column = pair.partition(" ")
        if row in belongs:
            raise ItemError(_("A row belongs to several counterparts: such items are not read."))
        belongs[row] = column
    columns = {
        one.get("identifier", ""): reader.option(one).get("text", "") for one in children(sets[1])
    }
    rows = [(one.get("identifier", ""), reader.option(one)) for one in children(sets[0])]
    if {name for name, _row in rows} != set(belongs) or not set(belongs.values()) <= set(columns):
        raise ItemError(_("The item does not say what belongs together."))
    prompt, picture = _prompt(reader, body, interaction)
    words = {text.casefold() for text in columns.values()}
    if len(columns) == 2 and words & _TRUE_WORDS and words & _FALSE_WORDS:
        options: list[OptionSpec] = [
            {**row, "right": True} if columns[belongs[name]].casefold() in _TRUE_WORDS else row
            for name, row in rows
        ]
        return Draft("statements", prompt, options, picture=picture)
    options = [{**row, "match": columns[belongs[name]]} for name, row in rows]
    used = set(belongs.values())
    options += [{"match": text} for name, text in columns.items() if name not in used]
    return Draft("matching", prompt, options, picture=picture)


def _order(reader: ItemReader, body: Element, interaction: Element) -> Draft:
    rights = _right(reader, interaction)
    items = {
        one.get("identifier", ""): reader.option(one)
        for one in children(interaction, "simpleChoice")
    }
    if set(rights) != set(items) or len(rights) != len(items):
        raise ItemError(_("The item does not say the right order of all its parts."))
    processing = child(reader.item, "responseProcessing")
    if processing is not None and "match_correct" in processing.get("template", ""):
        reader.note(_("Each item in its right place earns its share here; there it is otherwise."))
    prompt, picture = _prompt(reader, body, interaction)
    return Draft("ordering", prompt, [items[name] for name in rights], picture=picture)


def _blank(reader: ItemReader, body: Element, found: list[Element]) -> Draft:
    ours = [_OURS.fullmatch(one.get("responseIdentifier", "")) for one in found]
    own = all(ours) and len({one[1] for one in ours if one}) == len(found)
    options: list[OptionSpec] = []
    for place, (interaction, named) in enumerate(zip(found, ours, strict=True), start=1):
        gap = int(named[1]) if own and named else place
        options += _accepted(reader, interaction, gap)
    for place, (interaction, named) in enumerate(zip(found, ours, strict=True), start=1):
        gap = int(named[1]) if own and named else place
        remove(interaction, f"[[{gap}]]")
    prompt, picture = reader.prompt(body)
    return Draft("blank", prompt, options, picture=picture)


def _accepted(reader: ItemReader, interaction: Element, gap: int) -> list[OptionSpec]:
    """What is accepted in a gap, the right answer first."""
    right, mapped = _right(reader, interaction), _mapped(reader, interaction)
    best = max((value for _key, value in mapped), default=0)
    texts = [*right, *(key for key, value in mapped if value >= best > 0)]
    if any(0 < value < best for _key, value in mapped):
        reader.note(_("Answers that earn only a part of the mark are left out."))
    if local_name(interaction) == "inlineChoiceInteraction":
        reader.note(_("A gap that was chosen from a list is filled in by writing here."))
        labels = {
            one.get("identifier", ""): reader.text(one)
            for one in children(interaction, "inlineChoice")
        }
        texts = [labels.get(name, "") for name in texts]
    if not texts or not all(texts):
        raise ItemError(_("Gap %(gap)s has no accepted answer.") % {"gap": gap})
    return [{"text": text, "gap": gap} for text in dict.fromkeys(texts)]


def _number(reader: ItemReader, body: Element, interaction: Element) -> Draft:
    right = _right(reader, interaction)
    number = parsed(right[0]) if len(right) == 1 else None
    if number is None:
        raise ItemError(_("Not exactly one number earns the whole mark."))
    settings = _bounds(reader, number) or _tolerance(reader)
    line = interaction.getparent()
    if line is not None and line.get("class") == "answer":
        if unit := text_at(line, "span"):
            settings["unit"] = unit
        remove(line)
    else:
        remove(interaction, "_____")
    prompt, picture = reader.prompt(body)
    option: OptionSpec = {"text": vietnamese(number)}
    return Draft("number", prompt, [option], settings=settings, picture=picture)


def _bounds(reader: ItemReader, right: Decimal) -> dict[str, Any]:
    """The tolerance said by a least and a greatest number; nothing without them."""
    processing = child(reader.item, "responseProcessing")
    values = {
        name: [parsed(text_at(one, "baseValue")) for one in processing.iter(name)]
        for name in ("gte", "lte")
        if processing is not None
    }
    if [len(found) for found in values.values()] != [1, 1]:
        return {}
    low, high = values["gte"][0], values["lte"][0]
    if low is None or high is None or right - low != high - right or high <= right:
        raise ItemError(_("The tolerance of the item is not read."))
    return {"tolerance": vietnamese(high - right)}


def _tolerance(reader: ItemReader) -> dict[str, Any]:
    processing = child(reader.item, "responseProcessing")
    found = list(processing.iter("equal")) if processing is not None else []
    mode = found[0].get("toleranceMode", "exact") if len(found) == 1 else "exact"
    if len(found) > 1:
        reader.note(_("The tolerance is not kept: the item has several."))
    if mode == "exact":
        return {}
    values = [parsed(one) for one in (found[0].get("tolerance") or "").split()]
    if not values or None in values or len(set(values)) > 1:
        raise ItemError(_("The tolerance of the item is not read."))
    allowed = values[0]
    if not allowed:
        return {}
    settings: dict[str, Any] = {"tolerance": vietnamese(allowed)}
    if mode == "relative":
        settings["tolerance_as"] = "percent"
    return settings


def _essay(reader: ItemReader, body: Element, interaction: Element) -> Draft:
    options: list[OptionSpec] = []
    for block in list(body.iter("rubricBlock")):
        for line in block.iter("li"):
            text = reader.text(line)
            if found := _CRITERION.fullmatch(text):
                options.append({"text": found[1], "points": int(found[2])})
        if not options:
            reader.note(
                _("What the graders are told is no list of criteria: «%(text)s»")
                % {"text": reader.text(block)[:500]}
            )
        remove(block)
    reader.notes[:] = [one for one in reader.notes if one != _("A list became lines of text.")]
    prompt, picture = _prompt(reader, body, interaction)
    return Draft("essay", prompt, options, picture=picture)


def _point(reader: ItemReader, body: Element, interaction: Element) -> Draft:
    """Pointing at a picture, at areas that are said or drawn."""
    ground = next(interaction.iter("object", "img"), None)
    source = (ground.get("data") or ground.get("src") or "") if ground is not None else ""
    alt = (ground.get("alt") or text_at(ground)) if ground is not None else ""
    picture = reader.picture(source, alt)
    size = size_of(picture.data) if picture else None
    if picture is None or size is None:
        raise ItemError(_("The picture to point at is missing, or none we can show."))
    options = [_region(one, size) for one in _regions(reader, interaction)]
    rights = _right(reader, interaction) if local_name(interaction)[0] == "h" else []
    for place, (option, name) in enumerate(options, start=1):
        if name in rights:
            option["right"] = True
        option.setdefault("text", f"Vùng {place}")
    if not any(option.get("right") for option, _name in options):
        raise ItemError(_("The item does not say which option is right."))
    prompt, _shown = _prompt(reader, body, interaction)
    return Draft(
        "hotspot", prompt, [option for option, _name in options], picture=reader.keep(picture)
    )


def _regions(reader: ItemReader, interaction: Element) -> list[Element]:
    declared = _declared(reader, interaction)
    drawn = list(children(interaction, "hotspotChoice"))
    return drawn or list(children(child(declared, "areaMapping"), "areaMapEntry"))


def _region(entry: Element, size: tuple[int, int]) -> tuple[OptionSpec, str]:
    """A region, and its name in the item."""
    try:
        numbers = [Decimal(one) for one in (entry.get("coords") or "").split(",")]
        value = Decimal(entry.get("mappedValue") or 0)
    except InvalidOperation:
        numbers, value = [], Decimal(0)
    shape = entry.get("shape")
    if shape == "rect" and len(numbers) == 4:
        numbers = [*numbers[:2], numbers[2] - numbers[0], numbers[3] - numbers[1]]
    wanted = {"circle": 3, "rect": 4}.get(shape or "", 0)
    area = area_of(numbers, size) if len(numbers) == wanted else ""
    if not area:
        raise ItemError(_("A region of the picture is neither a rectangle nor a circle."))
    option: OptionSpec = {"area": area}
    if value.is_finite() and value > 0:
        option["right"] = True
    if label := entry.get("hotspotLabel"):
        option["text"] = label
    return option, entry.get("identifier", "")


_READERS: dict[str, Callable[[ItemReader, Element, Element], Draft]] = {
    "choiceInteraction": _choice,
    "matchInteraction": _match,
    "orderInteraction": _order,
    "extendedTextInteraction": _essay,
    "selectPointInteraction": _point,
    "hotspotInteraction": _point,
}
