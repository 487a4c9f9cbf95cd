"""What learning writes into an attempt's origin, to know it again when it is graded."""

from uuid import UUID

_MODULE, _COURSE = "module", "course"


def origin_of(module_key: UUID) -> str:
    """The origin of attempts that start from a module."""
    return f"{_MODULE}:{module_key}"


def origin_of_final(course_key: UUID) -> str:
    """The origin of attempts at a course's final test."""
    return f"{_COURSE}:{course_key}"


def read_origin(origin: str) -> tuple[UUID | None, UUID | None]:
    """The keys of the module and of the course it names: one of them, or neither."""
    kind, _colon, key = origin.partition(":")
    return (UUID(key) if kind == _MODULE else None, UUID(key) if kind == _COURSE else None)
