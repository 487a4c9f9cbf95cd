"""Numbers of the bank, written the Vietnamese way, and those of other programs."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from quizzes.bank.kinds.number import readings

# Nobody asks for more digits; «1e999999» would fill the memory.
MOST_DIGITS = 40


def exact(text: str) -> Decimal | None:
    """The one number that an editor's «31,4» or «1500» means; None for none, or for two."""
    values, rest = readings(text)
    return next(iter(values)) if len(values) == 1 and not rest else None


def with_point(number: Decimal) -> str:
    """The number with a decimal point and without an exponent."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text


def parsed(text: str) -> Decimal | None:
    """A number of another program («31.4», «3.14e1»); None for what is none or far too long."""
    try:
        number = Decimal(text.strip())
    except (InvalidOperation, ValueError):
        return None
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS:
        return None
    return number if len(number.as_tuple().digits) <= MOST_DIGITS else None


def vietnamese(number: Decimal) -> str:
    """The number with a decimal comma, so that it has one reading: 1.234 becomes 1,2340."""
    text = with_point(number).replace(".", ",")
    return text if exact(text) is not None else text + "0"
