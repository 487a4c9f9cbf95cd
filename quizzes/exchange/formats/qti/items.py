"""A draft as an item of QTI, with the names of QTI 2."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from quizzes.bank.content import OptionSpec
from quizzes.exchange.base import Draft
from quizzes.exchange.decimals import exact, with_point
from quizzes.exchange.formats.qti.building import (
    Element,
    declaration,
    e,
    fill,
    image,
    mapping,
    number,
    outcome,
    score_if,
    score_parts,
    set_outcome,
    variable,
    with_gaps,
)
from quizzes.exchange.formats.qti.versions import Version
from quizzes.exchange.pictures import area_of, pixels_of, size_of

TRUE_FALSE = ("Đúng", "Sai")
EXPLANATION = "EXPLANATION"


@dataclass
class Parts:
    """The parts of an item, filled in by its kind."""

    declarations: list[Element] = field(default_factory=list)
    body: list[Element] = field(default_factory=list)
    # How SCORE is set, and the standard template that does the same.
    scoring: list[Element] = field(default_factory=list)
    template: str = ""
    # Outcomes that open what is said to options.
    outcomes: list[Element] = field(default_factory=list)
    after: list[Element] = field(default_factory=list)
    most: int = 1
    losses: list[str] = field(default_factory=list)


def build_item(draft: Draft, identifier: str, version: Version) -> tuple[Element, list[str]]:
    """The item, and what of the draft it cannot say."""
    parts = Parts()
    shown = image(draft, draft.picture) if draft.kind != "hotspot" else None
    if shown is not None:
        parts.body.append(e("p", shown))
    _BUILDERS[draft.kind](draft, parts, version)
    item = e(
        "assessmentItem",
        *parts.declarations,
        _score(draft, version),
        outcome("MAXSCORE", "float", default=str(parts.most)),
        *parts.outcomes,
        identifier=identifier,
        title=" ".join(draft.prompt.split())[:80] or identifier,
        adaptive="false",
        timeDependent="false",
    )
    item.set("{http://www.w3.org/XML/1998/namespace}lang", "vi")
    if draft.explanation:
        item.append(outcome("FEEDBACK", "identifier"))
        said = e("baseValue", EXPLANATION, baseType="identifier")
        parts.after.append(set_outcome("FEEDBACK", said))
    item.append(e("itemBody", *parts.body))
    if parts.template and not parts.after:
        item.append(e("responseProcessing", template=version.template_of(parts.template)))
    elif parts.scoring or parts.after:
        item.append(e("responseProcessing", *parts.scoring, *parts.after))
    if draft.explanation:
        item.append(_modal(draft.explanation, version))
    return item, parts.losses


def _score(draft: Draft, version: Version) -> Element:
    score = outcome("SCORE", "float", default="0")
    if draft.kind == "essay" and version.kebab:
        score.set("externalScored", "human")
    return score


def _modal(text: str, version: Version) -> Element:
    inside = e("p", text)
    return e(
        "modalFeedback",
        e("contentBody", inside) if version.kebab else inside,
        outcomeIdentifier="FEEDBACK",
        identifier=EXPLANATION,
        showHide="show",
    )


def _identifiers(options: list[OptionSpec], letter: str = "C") -> list[str]:
    return [f"{letter}{place}" for place in range(1, len(options) + 1)]


def _label(tag: str, draft: Draft, option: OptionSpec, **attributes: str) -> Element:
    """An option with its text and picture."""
    element = e(tag, option.get("text", ""), **attributes)
    shown = image(draft, option.get("picture", ""))
    if shown is not None:
        element.append(shown)
    return element


def _choice(draft: Draft, parts: Parts, _version: Version) -> None:
    many, options = draft.kind == "multiple", draft.options
    names = _identifiers(options)
    rights = [name for name, o in zip(names, options, strict=True) if o.get("right")]
    extra: list[Element] = []
    if draft.settings.get("scoring") == "penalty":
        wrongs = len(options) - len(rights)
        # Whole numbers, divided in the end: thirds have no end as decimal fractions.
        whole = len(rights) * max(wrongs, 1)
        shares = [(n, max(wrongs, 1) if n in rights else -len(rights)) for n in names]
        extra = [mapping(shares, lowerBound="0", upperBound=str(whole))]
        parts.scoring = score_parts([e("mapResponse", identifier="RESPONSE")], whole)
    else:
        right = e("match", variable("RESPONSE"), e("correct", identifier="RESPONSE"))
        parts.scoring, parts.template = score_if(right), "match_correct"
    cardinality = "multiple" if many else "single"
    parts.declarations.append(declaration("identifier", cardinality, rights, *extra))
    choices = []
    for name, option in zip(names, options, strict=True):
        choice = _label("simpleChoice", draft, option, identifier=name)
        if option.get("pinned"):
            choice.set("fixed", "true")
        if why := option.get("why"):
            choice.append(
                e(
                    "feedbackInline",
                    why,
                    outcomeIdentifier="CHOSEN",
                    identifier=name,
                    showHide="show",
                )
            )
        choices.append(choice)
    if any(option.get("why") for option in options):
        parts.outcomes.append(outcome("CHOSEN", "identifier", cardinality))
        parts.after.append(set_outcome("CHOSEN", variable("RESPONSE")))
    interaction = e(
        "choiceInteraction",
        e("prompt", draft.prompt),
        *choices,
        responseIdentifier="RESPONSE",
        shuffle="false" if draft.kind == "true_false" else "true",
        maxChoices="0" if many else "1",
    )
    if draft.kind == "true_false":
        interaction.set("class", "kind-true-false")
    parts.body.append(interaction)


def _match(
    draft: Draft, parts: Parts, rows: list[Element], columns: list[Element], pairs: list[str]
) -> Element:
    """A table of rows and columns in which each right pair earns its share."""
    shares = mapping([(pair, 1) for pair in pairs])
    parts.declarations.append(declaration("directedPair", "multiple", pairs, shares))
    parts.scoring = score_parts([e("mapResponse", identifier="RESPONSE")], len(pairs))
    interaction = e(
        "matchInteraction",
        e("prompt", draft.prompt),
        e("simpleMatchSet", *rows),
        e("simpleMatchSet", *columns),
        responseIdentifier="RESPONSE",
        shuffle="true",
        maxAssociations=str(len(rows)),
    )
    parts.body.append(interaction)
    return interaction


def _statements(draft: Draft, parts: Parts, version: Version) -> None:
    names = _identifiers(draft.options, "S")
    rows = [
        _label("simpleAssociableChoice", draft, option, identifier=name, matchMax="1")
        for name, option in zip(names, draft.options, strict=True)
    ]
    columns = [
        e("simpleAssociableChoice", word, identifier=name, matchMax="0", fixed="true")
        for name, word in zip(("T", "F"), TRUE_FALSE, strict=True)
    ]
    pairs = [
        f"{name} {'T' if option.get('right') else 'F'}"
        for name, option in zip(names, draft.options, strict=True)
    ]
    interaction = _match(draft, parts, rows, columns, pairs)
    tabular = " qti-match-tabular" if version.kebab else ""
    interaction.set("class", "kind-statements" + tabular)


def _matching(draft: Draft, parts: Parts, _version: Version) -> None:
    columns: dict[str, str] = {}
    for option in draft.options:
        match = option.get("match", "")
        columns.setdefault(match, f"M{len(columns) + 1}")
    with_text = [option for option in draft.options if option.get("text") or option.get("picture")]
    names = _identifiers(with_text, "R")
    _match(
        draft,
        parts,
        [
            _label("simpleAssociableChoice", draft, option, identifier=name, matchMax="1")
            for name, option in zip(names, with_text, strict=True)
        ],
        [
            e("simpleAssociableChoice", match, identifier=name, matchMax="0")
            for match, name in columns.items()
        ],
        [
            f"{name} {columns[option.get('match', '')]}"
            for name, option in zip(names, with_text, strict=True)
        ],
    )


def _ordering(draft: Draft, parts: Parts, _version: Version) -> None:
    names = [_mixed(option.get("text", "")) for option in draft.options]
    if len(set(names)) < len(names):
        names = _identifiers(draft.options)
    parts.declarations.append(declaration("identifier", "ordered", names))
    for place, name in enumerate(names, start=1):
        here = e("index", variable("RESPONSE"), n=str(place))
        condition = e("match", here, e("baseValue", name, baseType="identifier"))
        more = set_outcome("SCORE", e("sum", variable("SCORE"), number(1)))
        parts.scoring.append(e("responseCondition", e("responseIf", condition, more)))
    parts.scoring += score_parts([variable("SCORE")], len(names))
    choices = [
        e("simpleChoice", option.get("text", ""), identifier=name)
        for name, option in zip(names, draft.options, strict=True)
    ]
    # Written in an order of their own, as not every player shuffles.
    choices.sort(key=lambda choice: choice.get("identifier", ""))
    parts.body.append(
        e(
            "orderInteraction",
            e("prompt", draft.prompt),
            *choices,
            responseIdentifier="RESPONSE",
            shuffle="true",
        )
    )


def _mixed(text: str) -> str:
    """A name for an item that tells nothing of its place."""
    return "O" + hashlib.sha256(text.encode()).hexdigest()[:12]


def _blank(draft: Draft, parts: Parts, _version: Version) -> None:
    if draft.settings.get("ignore_accents"):
        parts.losses.append(_("Answers without accents are wrong there."))
    paragraph = e("p")
    gaps = with_gaps(paragraph, draft.prompt)
    parts.body.append(e("div", paragraph))
    for gap in gaps:
        accepted = [o.get("text", "") for o in draft.options if str(o.get("gap")) == gap]
        shares = mapping([(text, 1) for text in accepted])
        for entry in shares:
            entry.set("caseSensitive", "false")
        parts.declarations.append(
            declaration("string", "single", accepted[:1], shares, identifier=f"RESPONSE_{gap}")
        )
    sums = [e("mapResponse", identifier=f"RESPONSE_{gap}") for gap in gaps]
    parts.scoring = score_parts(sums, len(gaps)) if gaps else []


def _number(draft: Draft, parts: Parts, _version: Version) -> None:
    settings = draft.settings
    option = draft.options[0] if draft.options else OptionSpec()
    right = exact(option.get("text", "")) or Decimal(0)
    tolerance = exact(str(settings.get("tolerance", "0"))) or Decimal(0)
    if settings.get("tolerance_as") == "percent":
        tolerance = abs(right) * tolerance / 100
        parts.losses.append(_("Its tolerance in percent is written as a number."))
    parts.declarations.append(declaration("float", "single", [with_point(right)]))
    parts.scoring = score_if(_near(right, tolerance))
    field_ = e("textEntryInteraction", responseIdentifier="RESPONSE")
    answer = e("p", field_, class_="answer")
    names = [unit.strip() for unit in str(settings.get("unit", "")).split(";") if unit.strip()]
    if names:
        field_.tail = " "
        answer.append(e("span", names[0], class_="unit"))
    if len(names) > 1 or settings.get("unit_en"):
        parts.losses.append(_("Other spellings of its unit are left out."))
    if settings.get("ask_unit"):
        parts.losses.append(_("The unit stands behind the field there: it cannot be asked for."))
    parts.body += [e("div", e("p", draft.prompt)), answer]


def _near(right: Decimal, tolerance: Decimal) -> Element:
    """Whether the response is within the tolerance.

    As two bounds: players are known that understand `equal` only without a tolerance.
    """
    if not tolerance:
        exactly = e("equal", variable("RESPONSE"), e("correct", identifier="RESPONSE"))
        exactly.set("toleranceMode", "exact")
        return exactly
    low, high = with_point(right - tolerance), with_point(right + tolerance)
    return e(
        "and",
        e("gte", variable("RESPONSE"), number(low)),
        e("lte", variable("RESPONSE"), number(high)),
    )


def _essay(draft: Draft, parts: Parts, version: Version) -> None:
    criteria = [
        e(
            "li",
            e("span", option.get("text", ""), class_="criterion"),
            e("span", f" ({option.get('points', 0)} điểm)", class_="points"),
        )
        for option in draft.options
    ]
    parts.declarations.append(declaration("string", "single", []))
    parts.most = sum(option.get("points", 0) for option in draft.options) or 1
    if criteria:
        inside = e("ul", *criteria, class_="criteria")
        block = e("rubricBlock", e("contentBody", inside) if version.kebab else inside)
        block.set("view", "scorer")
        if version.kebab:
            block.set("use", "scoring")
        parts.body.append(block)
    interaction = e("extendedTextInteraction", e("prompt", draft.prompt))
    interaction.set("responseIdentifier", "RESPONSE")
    parts.body.append(interaction)


def measured(draft: Draft) -> tuple[int, int] | None:
    """The size of the draft's own picture in pixels; None without one that can be measured."""
    data = next((one.data for one in draft.pictures if one.name == draft.picture), b"")
    return size_of(data) if data else None


def _hotspot(draft: Draft, parts: Parts, version: Version) -> None:
    size = measured(draft) or (1, 1)
    entries, exactly = [], True
    for option in draft.options:
        pixels = pixels_of(option.get("area", ""), size)
        exactly = exactly and area_of([Decimal(one) for one in pixels], size) == option.get("area")
        if len(pixels) == 4:
            pixels = [*pixels[:2], pixels[0] + pixels[2], pixels[1] + pixels[3]]
        entries.append(
            e(
                "areaMapEntry",
                shape="circle" if len(pixels) == 3 else "rect",
                coords=",".join(map(str, pixels)),
                mappedValue="1" if option.get("right") else "0",
            )
        )
    areas = e("areaMapping", *entries, lowerBound="0", upperBound="1", defaultValue="0")
    parts.declarations.append(declaration("point", "single", [], areas))
    parts.scoring = [set_outcome("SCORE", e("mapResponsePoint", identifier="RESPONSE"))]
    parts.template = "map_response_point"
    parts.body.append(
        e(
            "selectPointInteraction",
            e("prompt", draft.prompt),
            _ground(draft, size, version),
            responseIdentifier="RESPONSE",
            maxChoices="1",
        )
    )
    names = [f"Vùng {place}" for place in range(1, len(draft.options) + 1)]
    if names != [option.get("text") for option in draft.options]:
        parts.losses.append(_("The names of its regions are left out."))
    if not exactly:
        parts.losses.append(_("The edges of its regions are rounded to whole pixels."))


def _ground(draft: Draft, size: tuple[int, int], version: Version) -> Element:
    picture = next(one for one in draft.pictures if one.name == draft.picture)
    shown = image(draft, draft.picture)
    if version.kebab and shown is not None:
        return shown
    ground = e("object", data=f"pictures/{picture.name}", type=picture.media_type)
    ground.set("width", str(size[0]))
    ground.set("height", str(size[1]))
    return fill(ground, picture.alt)


_BUILDERS: dict[str, Callable[[Draft, Parts, Version], None]] = {
    "single": _choice,
    "multiple": _choice,
    "true_false": _choice,
    "statements": _statements,
    "matching": _matching,
    "ordering": _ordering,
    "blank": _blank,
    "number": _number,
    "essay": _essay,
    "hotspot": _hotspot,
}
