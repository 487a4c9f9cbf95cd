"""Small bricks of an item."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from lxml import etree

from quizzes.exchange.base import Draft
from quizzes.exchange.pictures import size_of

Element = etree._Element
_GAP = re.compile(r"\[\[(\d{1,2})\]\]")


def e(tag: str, *inside: Element | str, **attributes: str) -> Element:
    """An element with its children, or its text; `class_` is its class."""
    element = etree.Element(tag, {name.rstrip("_"): text for name, text in attributes.items()})
    for one in inside:
        if isinstance(one, str):
            fill(element, one)
        else:
            element.append(one)
    return element


def fill(element: Element, text: str) -> Element:
    """Put a plain text at the end of an element, its lines parted by <br>; the element."""
    for place, line in enumerate(text.split("\n")):
        if place:
            etree.SubElement(element, "br")
        if len(element):
            element[-1].tail = (element[-1].tail or "") + line
        else:
            element.text = (element.text or "") + line
    return element


def with_gaps(element: Element, text: str) -> list[str]:
    """Put a text with gaps [[1]] into an element as fields to write in; the gaps in their order."""
    gaps = []
    for place, piece in enumerate(_GAP.split(text)):
        if place % 2 == 0:
            fill(element, piece)
        else:
            gaps.append(piece)
            element.append(e("textEntryInteraction", responseIdentifier=f"RESPONSE_{piece}"))
    return gaps


def image(draft: Draft, name: str) -> Element | None:
    """The picture of this name as an element; None if the draft has it not."""
    picture = next((one for one in draft.pictures if one.name == name and name), None)
    if picture is None:
        return None
    element = e("img", src=f"pictures/{name}", alt=picture.alt)
    if size := size_of(picture.data):
        element.set("width", str(size[0]))
        element.set("height", str(size[1]))
    return element


def declaration(
    base: str,
    cardinality: str,
    right: Iterable[str],
    *extra: Element,
    identifier: str = "RESPONSE",
) -> Element:
    """The declaration of a response with its right value."""
    values = [e("value", value) for value in right]
    return e(
        "responseDeclaration",
        *([e("correctResponse", *values)] if values else []),
        *extra,
        identifier=identifier,
        cardinality=cardinality,
        baseType=base,
    )


def mapping(shares: Iterable[tuple[str, int]], **attributes: str) -> Element:
    """What each value adds."""
    entries = [e("mapEntry", mapKey=key, mappedValue=str(value)) for key, value in shares]
    return e("mapping", *entries, defaultValue="0", **attributes)


def outcome(identifier: str, base: str, cardinality: str = "single", default: str = "") -> Element:
    """The declaration of an outcome."""
    value = [e("defaultValue", e("value", default))] if default else []
    return e(
        "outcomeDeclaration",
        *value,
        identifier=identifier,
        cardinality=cardinality,
        baseType=base,
    )


def number(value: int | Fraction | str) -> Element:
    """A constant."""
    return e("baseValue", str(value), baseType="float")


def set_outcome(identifier: str, value: Element) -> Element:
    """Set an outcome to a value."""
    return e("setOutcomeValue", value, identifier=identifier)


def variable(identifier: str) -> Element:
    """The value of a response or an outcome."""
    return e("variable", identifier=identifier)


def score_if(condition: Element) -> list[Element]:
    """1 if the condition holds, else 0."""
    return [
        e(
            "responseCondition",
            e("responseIf", condition, set_outcome("SCORE", number(1))),
            e("responseElse", set_outcome("SCORE", number(0))),
        )
    ]


def score_parts(sums: list[Element], parts: int) -> list[Element]:
    """The sum of what was mapped, as a share of `parts`."""
    total = sums[0] if len(sums) == 1 else e("sum", *sums)
    return [set_outcome("SCORE", e("divide", total, number(max(parts, 1))))]
