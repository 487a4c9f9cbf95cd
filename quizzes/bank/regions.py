"""Regions of a picture, in thousandths of its width and height. Exact arithmetic, no database."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WHOLE = 1000
# Who does not point answers by field: columns A to J, rows 1 to 10.
FIELDS = 10
_NUMBERS = re.compile(r"\d{1,4}(?:,\d{1,4}){2,3}")


@dataclass(frozen=True)
class Point:
    """A place on a picture."""

    x: int
    y: int

    def __str__(self) -> str:
        return f"{self.x},{self.y}"


@dataclass(frozen=True)
class Box:
    """A rectangle by its left upper corner and its sides."""

    x: int
    y: int
    width: int
    height: int

    def holds(self, point: Point, size: tuple[int, int]) -> bool:
        """Whether the point lies in it or on its edge; `size` is the picture's, for circles."""
        return (
            self.x <= point.x <= self.x + self.width and self.y <= point.y <= self.y + self.height
        )


@dataclass(frozen=True)
class Circle:
    """A circle by its middle and its radius in thousandths of the picture's width."""

    x: int
    y: int
    radius: int

    def holds(self, point: Point, size: tuple[int, int]) -> bool:
        """Whether the point lies in it or on its edge, on a picture of this size in pixels."""
        width, height = size
        across, down = (point.x - self.x) * width, (point.y - self.y) * height
        return across**2 + down**2 <= (self.radius * width) ** 2


Region = Box | Circle


def read_area(area: str) -> Region:
    """The region written as «x,y,width,height» or «x,y,radius»; `ValueError` for none."""
    written = "".join(area.split())
    if not _NUMBERS.fullmatch(written) or not written.isascii():
        raise ValueError(area)
    numbers = [int(number) for number in written.split(",")]
    if len(numbers) == 3:
        x, y, radius = numbers
        if not (x <= WHOLE and y <= WHOLE and 1 <= radius <= WHOLE):
            raise ValueError(area)
        return Circle(x, y, radius)
    x, y, width, height = numbers
    if width < 1 or height < 1 or x + width > WHOLE or y + height > WHOLE:
        raise ValueError(area)
    return Box(x, y, width, height)


def validate_area(area: str) -> None:
    """Raise `ValidationError` for what is no region."""
    try:
        read_area(area)
    except ValueError:
        raise ValidationError(
            _("«%(area)s» is no region: write 100,250,300,200, or 500,500,120 for a circle.")
            % {"area": area}
        ) from None


def read_point(text: str) -> Point:
    """The point written as «x,y»; `ValueError` for none, or one beside the picture."""
    x, comma, y = text.partition(",")
    if not (comma and x.isascii() and y.isascii() and x.isdecimal() and y.isdecimal()):
        raise ValueError(text)
    if len(x) > 4 or len(y) > 4 or int(x) > WHOLE or int(y) > WHOLE:
        raise ValueError(text)
    return Point(int(x), int(y))


def middle_of(column: int, row: int) -> Point:
    """The middle of a field, column and row counted from 0."""
    step = WHOLE // FIELDS
    return Point(column * step + step // 2, row * step + step // 2)


def field_of(point: Point) -> tuple[int, int]:
    """Column and row of the field that holds the point, counted from 0."""
    step = WHOLE // FIELDS
    return min(point.x // step, FIELDS - 1), min(point.y // step, FIELDS - 1)


def is_reachable(region: Region, size: tuple[int, int]) -> bool:
    """Whether the middle of some field lies in it: who answers by field can choose it."""
    return any(
        region.holds(middle_of(column, row), size)
        for column in range(FIELDS)
        for row in range(FIELDS)
    )
