"""What the templates need beside the figures: every number's list, every choice of the form."""

from dataclasses import dataclass, replace

from learning.statistics.filters import STATUS, Filters, Status
from learning.statistics.narrowing import EVERYBODY
from learning.statistics.queries import Row


@dataclass(frozen=True)
class Links:
    """The query part of the address behind each number of a line; `below` opens the unit."""

    below: str
    assigned: str
    not_started: str
    in_progress: str
    completed: str
    exempt: str
    overdue: str
    certificates: str


@dataclass(frozen=True)
class Option:
    """One choice of a select; `indent` is how deep it lies."""

    value: str
    label: str
    selected: bool
    indent: str = ""


def total_links(filters: Filters) -> Links:
    """The lists behind the figures of the whole question."""
    return _links(filters)


def row_links(filters: Filters, row: Row) -> Links:
    """The lists behind one line of the table."""
    return _links(replace(filters, unit=row.unit, direct=row.direct))


def course_options(filters: Filters) -> list[Option]:
    """The courses, programmes, and what else can be asked about."""
    return [
        Option(one.value, one.title, one == filters.subject) for one in filters.subjects.values()
    ]


def unit_options(filters: Filters) -> list[Option]:
    """The tops of the scope with what lies right below, and the way to the chosen unit and on.

    Not the whole tree: the list stays short enough to choose from whatever the size of the city.
    """
    scope, chosen = filters.scope, filters.unit
    shown = {node.pk for node in (*scope.tops, *scope.apart)}
    opened = {*scope.tops, *(scope.chain(chosen) if chosen else ())}
    for node in opened:
        shown |= {child.pk for child in scope.children(node)}
    shallowest = min((node.depth for node in (*scope.tops, *scope.apart)), default=1)
    return [
        Option(
            str(node.pk),
            node.name,
            chosen is not None and node.pk == chosen.pk,
            "\u2003" * (node.depth - shallowest),
        )
        for node in scope.nodes
        if node.pk in shown
    ]


def chain(filters: Filters) -> list[tuple[str, str]]:
    """Name and address of each unit above the chosen one, and of itself, from the top."""
    if filters.unit is None:
        return []
    return [
        (node.name, filters.of_all.address(unit=node)) for node in filters.scope.chain(filters.unit)
    ]


def _links(filters: Filters) -> Links:
    everybody = filters.address(status="", search="", narrowing=EVERYBODY, order="")

    def those(status: Status) -> str:
        return f"{everybody}&{STATUS}={status}"

    return Links(
        below=filters.of_all.address(),
        assigned=everybody,
        not_started=those(Status.NOT_STARTED),
        in_progress=those(Status.IN_PROGRESS),
        completed=those(Status.COMPLETED),
        exempt=those(Status.EXEMPT),
        overdue=those(Status.OVERDUE),
        certificates=those(Status.CERTIFIED),
    )
