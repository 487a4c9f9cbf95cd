"""Units and responsibilities in the admin.

Units are changed by decisions with a day (`changing`), never by editing a row: what they were on a
past day must stay readable.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from learning.organisations.access import may_name
from learning.organisations.changing.views import ChangeView, take_back_view
from learning.organisations.views import CHANGE, SEE, TreeView, UnitView


@hooks.register("register_admin_urls")
def unit_urls() -> list[Any]:
    """The tree, a unit, and the changes."""
    return [
        path("don-vi/", TreeView.as_view(), name="units_tree"),
        path("don-vi/<int:pk>/", UnitView.as_view(), name="units_unit"),
        path("don-vi/thay-doi/<slug:kind>/", ChangeView.as_view(), name="units_change"),
        path(
            "don-vi/<int:pk>/thay-doi/<slug:kind>/", ChangeView.as_view(), name="units_change_unit"
        ),
        path("don-vi/thay-doi/<int:pk>/thu-hoi/", take_back_view, name="units_take_back"),
    ]


class UnitsMenuItem(MenuItem):
    """For those who may see units."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(SEE) or request.user.has_perm(CHANGE)


@hooks.register("register_admin_menu_item")
def units_menu_item() -> MenuItem:
    """«Đơn vị» in the menu."""
    return UnitsMenuItem(
        _("Units"), reverse("units_tree"), name="units", icon_name="site", order=250
    )


class RolesMenuItem(MenuItem):
    """For administrators. Roles are given on the site's own screen, where every change is audited;
    a form of the row itself would be a way around it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_name(request.user)


@hooks.register("register_admin_menu_item")
def roles_menu_item() -> MenuItem:
    """«Phân quyền» in the menu."""
    return RolesMenuItem(
        _("Roles"), reverse("naming:overview"), name="roles", icon_name="group", order=251
    )
