"""The tree of units and a unit's own page, in the admin. Both only read."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from learning.organisations.models import (
    ChangePart,
    Membership,
    Responsibility,
    Succession,
    Unit,
    UnitChange,
    UnitKind,
)
from learning.organisations.tree import MOST_FOUND, read_state, tree_rows

SEE, CHANGE = "organisations.view_unit", "organisations.change_unit"


class UnitScreen(WagtailAdminTemplateMixin, TemplateView):
    """A screen for those who may see units; who may change them sees the buttons."""

    header_icon = "site"
    permission = SEE

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not (request.user.has_perm(self.permission) or request.user.has_perm(CHANGE)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        home = {"url": reverse("units_tree"), "label": TreeView.page_title}
        return [*super().get_breadcrumbs_items(), home, *self.trail()]

    def trail(self) -> list[dict[str, Any]]:
        """The steps below the tree."""
        return [{"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("may_change", self.request.user.has_perm(CHANGE))
        return super().get_context_data(**kwargs)


class TreeView(UnitScreen):
    """The tree; sub-units come on opening, by a link."""

    page_title = _("Units")
    template_name = "organisations/tree.html"
    # As the index of the snippet's views, it is given these and needs none of them.
    results_only = False

    def trail(self) -> list[dict[str, Any]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = read_state(self.request.GET.dict(), today=timezone.localdate())
        rows = tree_rows(state)
        return super().get_context_data(
            state=state,
            rows=rows,
            kinds=UnitKind.choices,
            most=MOST_FOUND if len(rows) == MOST_FOUND and state.is_listing else 0,
            waiting=UnitChange.objects.waiting().order_by("day", "pk"),
            **kwargs,
        )


class UnitView(UnitScreen):
    """One unit: names, places, changes, people, who is responsible."""

    page_title = _("Unit")
    template_name = "organisations/unit.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.unit = get_object_or_404(Unit, pk=kwargs["pk"])

    def trail(self) -> list[dict[str, Any]]:
        above = [
            {"url": reverse("units_unit", args=[one.pk]), "label": one.label}
            for one in self.unit.get_ancestors()
        ]
        return [*above, {"url": "", "label": self.unit.label}]

    def get_page_title(self) -> str:
        return self.unit.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unit, today = self.unit, timezone.localdate()
        members = Membership.objects.open()
        roles = Responsibility.objects.filter(unit=unit).select_related("user", "deputy_for")
        parts = ChangePart.objects.filter(unit=unit).select_related("change", "change__made_by")
        below = Unit.objects.all().within(unit).exclude(pk=unit.pk)
        return super().get_context_data(
            unit=unit,
            today=today,
            is_closed=unit.valid_to is not None and unit.valid_to < today,
            people_here=members.filter(unit=unit).count(),
            people_all=members.for_units(Unit.objects.all().within(unit)).count(),
            below=list(below.filter(depth=unit.depth + 1).current(on=today)),
            below_closed=below.filter(valid_to__lt=today).count(),
            earlier=list(unit.earlier.select_related("parent")),
            parts=list(_told(parts)),
            roles=list(roles.order_by("role", "user__name_sort")),
            successors=list(
                Succession.objects.filter(predecessor=unit).select_related("successor")
            ),
            predecessors=list(
                Succession.objects.filter(successor=unit).select_related("predecessor")
            ),
            **kwargs,
        )


def _told(parts: Any) -> list[tuple[Any, list[Unit], list[Unit]]]:
    """Each change once, the last first, with the units before and after; three queries."""
    changes = {part.change_id: part.change for part in parts}
    sides = ChangePart.objects.filter(change__in=changes).select_related("unit").order_by("pk")
    before: dict[int, list[Unit]] = {pk: [] for pk in changes}
    after: dict[int, list[Unit]] = {pk: [] for pk in changes}
    for part in sides:
        if part.side == ChangePart.Side.FROM:
            before[part.change_id].append(part.unit)
        elif part.side == ChangePart.Side.INTO:
            after[part.change_id].append(part.unit)
    ordered = sorted(changes.values(), key=lambda change: (change.day, change.pk), reverse=True)
    return [(change, before[change.pk], after[change.pk]) for change in ordered]
