"""A place on a picture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.bank.content import OPTION_LETTERS, OptionContent, QuestionContent
from quizzes.bank.kinds.base import (
    FIELD,
    BadAnswerError,
    Kind,
    Sent,
    sent_fields,
    shown_picture,
)
from quizzes.bank.kinds.parts import one_value
from quizzes.bank.kinds.showing import (
    Asked,
    AskedOption,
    AskedPart,
    Reviewed,
    ReviewedPart,
    Shape,
)
from quizzes.bank.regions import (
    FIELDS,
    WHOLE,
    Circle,
    Point,
    Region,
    field_of,
    is_reachable,
    middle_of,
    read_area,
    read_point,
)

# The picture's widths on the screen in CSS pixels, narrow and wide: an image button sends where
# it was pressed in pixels of the screen, so its field's name has to say how large it was.
WIDTHS = (280, 600)
_PRESSED = re.compile(rf"{FIELD}:on([1-9]\d{{0,3}})x([1-9]\d{{0,3}})\.[xy]")
_PIXELS = re.compile(r"[0-9]{1,4}")
AT, COLUMN, ROW = f"{FIELD}:at", f"{FIELD}:column", f"{FIELD}:row"
MOST_TEXT = 12
# The letters of the fields, and the mark on the place chosen, are this share of its width.
_LETTERS = 28


class Hotspot(Kind):
    """Each option is a region of the question's picture, «right» says that it is looked for.

    The answer is one place, kept as «x,y» in thousandths of the picture. It is given by pressing
    on the picture or by a field of the grid drawn over it. The mark is earned by a place in any
    right region. The regions themselves are shown in the review alone.
    """

    name = "hotspot"
    label = gettext_lazy("A place on a picture")
    rank = 90
    template_name = "bank/kinds/hotspot.html"
    review_template_name = "bank/kinds/reviewed_hotspot.html"
    option_fields = ("text", "right", "area", "why")
    draws_picture = True

    # --- for the editor ---------------------------------------------------------------------------

    def options_help(self) -> str:
        return _(
            "One entry for each region of the question's picture: its name and where it lies. Tick "
            "«right» where it is looked for. Regions that are not right only say why in the review."
        )

    def check(self, content: QuestionContent) -> list[str]:
        if "picture" not in content:
            return [_("Choose the picture of the question.")]
        faults: list[str] = []
        regions = [(option, region_of(option)) for option in content["options"]]
        faults.extend(
            _("«%(name)s» has no region on the picture.") % {"name": option["text"]}
            for option, region in regions
            if region is None
        )
        right = [(option, region) for option, region in regions if option["right"]]
        if not right:
            faults.append(_("Mark at least one region as right."))
        size = _size(content)
        faults.extend(
            _(
                "«%(name)s» holds the middle of no field of the grid (10 × 10): make it larger, so "
                "that it can be chosen by keyboard too."
            )
            % {"name": option["text"]}
            for option, region in right
            if region is not None and not is_reachable(region, size)
        )
        return faults

    # --- for the learner --------------------------------------------------------------------------

    def help_text(self) -> str:
        return _("Press on the place, or choose its column and row.")

    def order(self, content: QuestionContent) -> list[str]:
        return []

    def read(self, sent: Sent, offered: Sequence[str]) -> list[str]:
        pressed = [name for name in sent if _PRESSED.fullmatch(name)]
        sent_fields(sent, [AT, COLUMN, ROW, *pressed])
        return [str(point)] if (point := _pressed(sent) or _chosen(sent)) else []

    def fields(self, answer: Sequence[str], offered: Sequence[str]) -> dict[str, list[str]]:
        if not answer:
            return {}
        column, row = field_of(read_point(answer[0]))
        return {AT: [answer[0]], COLUMN: [OPTION_LETTERS[column]], ROW: [str(row + 1)]}

    def asked(self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]) -> Asked:
        given = {name: values[0] for name, values in self.fields(answer, order).items()}
        width, height = _size(content)
        return Asked(
            picture=shown_picture(content.get("picture")),
            parts=(
                AskedPart("at", "", "", given.get(AT, "")),
                AskedPart(
                    "column",
                    _("Column"),
                    "",
                    given.get(COLUMN, ""),
                    options=_choices(OPTION_LETTERS[:FIELDS]),
                ),
                AskedPart(
                    "row",
                    _("Row"),
                    "",
                    given.get(ROW, ""),
                    options=_choices([str(row) for row in range(1, FIELDS + 1)]),
                ),
            ),
            options=tuple(
                AskedOption(str(wide), "", str(max(wide * height // width, 1)), checked=False)
                for wide in WIDTHS
            ),
            lines=_lines(width, height),
            letter_size=str(width // _LETTERS),
            point=_mark(answer, (width, height)),
        )

    # --- judging ----------------------------------------------------------------------------------

    def grade(self, content: QuestionContent, answer: Sequence[str]) -> Fraction:
        return Fraction(int(any(option["right"] for option in _hit(content, answer))))

    def right_answer(self, content: QuestionContent) -> list[str]:
        size = _size(content)
        for option in content["options"]:
            region = region_of(option)
            if option["right"] and region is not None:
                return [str(_middle(region, size))]
        return []

    def reviewed(
        self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]
    ) -> Reviewed:
        size = _size(content)
        hit = _hit(content, answer)
        right = [option for option in content["options"] if option["right"]]
        told = {option["key"]: option["why"] for option in [*hit, *right] if option["why"]}
        part = ReviewedPart(
            text="",
            given=_in_words(answer, hit),
            right=any(option["right"] for option in hit),
            key=", ".join(option["text"] for option in right),
            why="\n".join(told.values()),
        )
        return Reviewed(
            parts=(part,),
            picture=shown_picture(content.get("picture")),
            regions=tuple(
                _shape(region, size, option["text"])
                for option in right
                if (region := region_of(option)) is not None
            ),
            letter_size=str(size[0] // _LETTERS),
            point=_mark(answer, size),
        )


def region_of(option: OptionContent) -> Region | None:
    """The region of an option; None for one that is still to be drawn."""
    try:
        return read_area(option.get("area", ""))
    except ValueError:
        return None


def _size(content: QuestionContent) -> tuple[int, int]:
    """The picture's sides in pixels; a preview may have none yet."""
    picture = content.get("picture")
    return (picture["width"], picture["height"]) if picture else (WHOLE, WHOLE)


def _pressed(sent: Sent) -> Point | None:
    """Where the picture was pressed without a script; pressed by keyboard, it sends 0 and 0."""
    for name in sent:
        found = _PRESSED.fullmatch(name)
        if found is None:
            continue
        width, height = int(found[1]), int(found[2])
        x, y = (one_value(sent, f"{name[:-1]}{axis}", MOST_TEXT) for axis in "xy")
        if (x, y) == ("0", "0"):
            continue
        if not (_PIXELS.fullmatch(x) and _PIXELS.fullmatch(y)):
            raise BadAnswerError(_not_there())
        if int(x) > width or int(y) > height:
            raise BadAnswerError(_not_there())
        return Point(int(x) * WHOLE // width, int(y) * WHOLE // height)
    return None


def _chosen(sent: Sent) -> Point | None:
    """The field chosen: the place pressed before if that lies in it, else its middle."""
    at, column, row = (one_value(sent, name, MOST_TEXT) for name in (AT, COLUMN, ROW))
    try:
        before = read_point(at) if at else None
    except ValueError:
        raise BadAnswerError(_not_there()) from None
    columns, rows = OPTION_LETTERS[:FIELDS], [str(number) for number in range(1, FIELDS + 1)]
    if (column and column not in columns) or (row and row not in rows):
        raise BadAnswerError(_("This option does not belong to the question."))
    if not (column and row):
        return None
    field = columns.index(column), rows.index(row)
    return before if before is not None and field_of(before) == field else middle_of(*field)


def _hit(content: QuestionContent, answer: Sequence[str]) -> list[OptionContent]:
    """The options whose region holds the place."""
    if len(answer) != 1:
        return []
    point, size = read_point(answer[0]), _size(content)
    return [
        option
        for option in content["options"]
        if (region := region_of(option)) is not None and region.holds(point, size)
    ]


def _in_words(answer: Sequence[str], hit: Sequence[OptionContent]) -> str:
    """Where the place lies, for who does not see the picture; empty without an answer."""
    if len(answer) != 1:
        return ""
    column, row = field_of(read_point(answer[0]))
    told = _("column %(column)s, row %(row)s") % {"column": OPTION_LETTERS[column], "row": row + 1}
    names = ", ".join(option["text"] for option in hit)
    return f"{names} ({told})" if names else told


def _middle(region: Region, size: tuple[int, int]) -> Point:
    """A place that is surely in the region: a field's middle where there is one."""
    fields = [middle_of(column, row) for column in range(FIELDS) for row in range(FIELDS)]
    inside = [point for point in fields if region.holds(point, size)]
    if inside:
        return inside[len(inside) // 2]
    if isinstance(region, Circle):
        return Point(region.x, region.y)
    return Point(region.x + region.width // 2, region.y + region.height // 2)


def _choices(values: Sequence[str]) -> tuple[AskedOption, ...]:
    return tuple(AskedOption(value, "", value, checked=False) for value in values)


def _lines(width: int, height: int) -> tuple[Shape, ...]:
    """The middle of each column's and row's edge, with its name; columns have a width."""
    letter = width // _LETTERS
    columns = tuple(
        Shape(
            x=str((2 * place + 1) * width // (2 * FIELDS)),
            y=str(letter + letter // 4),
            width=str(place * width // FIELDS),
            label=OPTION_LETTERS[place],
        )
        for place in range(FIELDS)
    )
    rows = tuple(
        Shape(
            x=str(letter // 4),
            y=str((2 * place + 1) * height // (2 * FIELDS) + letter // 3),
            height=str(place * height // FIELDS),
            label=str(place + 1),
        )
        for place in range(FIELDS)
    )
    return columns + rows


def _mark(answer: Sequence[str], size: tuple[int, int]) -> Shape | None:
    if len(answer) != 1:
        return None
    point, (width, height) = read_point(answer[0]), size
    return Shape(x=str(point.x * width // WHOLE), y=str(point.y * height // WHOLE))


def _shape(region: Region, size: tuple[int, int], label: str) -> Shape:
    """The region in pixels, its name above it, on the side where there is room."""
    width, height = size
    x, y = region.x * width // WHOLE, region.y * height // WHOLE
    letter = width // _LETTERS
    if isinstance(region, Circle):
        radius = region.radius * width // WHOLE
        left, right, top = x - radius, x + radius, y - radius
        sides = {"radius": str(radius)}
    else:
        wide, high = region.width * width // WHOLE, region.height * height // WHOLE
        left, right, top = x, x + wide, y
        sides = {"width": str(wide), "height": str(high)}
    at_right = left + right > width
    return Shape(
        str(x),
        str(y),
        **sides,
        label=label,
        label_x=str(min(right, width) if at_right else max(left, 0)),
        label_y=str(max(top - letter // 2, letter)),
        anchor="end" if at_right else "start",
    )


def _not_there() -> str:
    return _("This place does not lie on the picture.")
