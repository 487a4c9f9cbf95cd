from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from learning.audit.words import register_acts, register_things


class StaffConfig(AppConfig):
    name = "learning.staff"
    verbose_name = _("Staff lists")

    def ready(self) -> None:
        from learning.api.api import api
        from learning.staff import kept
        from learning.staff.api import router

        api.add_router("/staff", router)
        kept.register()
        register_acts(
            {
                "staff-list-apply": _("Staff list sent to be applied"),
                "staff-list-applied": _("Staff list applied"),
                "staff-list-undo": _("Staff list sent to be undone"),
                "staff-list-undone": _("Staff list undone"),
                "staff-added": _("Person added"),
                "staff-changed": _("Person changed"),
                "staff-moved": _("Person moved"),
                "staff-left": _("Person left"),
                "scim-unit-made": _("Unit made by another system"),
                "scim-unit-renamed": _("Unit renamed by another system"),
                "scim-unit-closed": _("Unit closed by another system"),
            }
        )
        register_things(
            {
                "staff-list": _("List of staff"),
                "staff-record": _("Staff record: name, birth, phone, position"),
            }
        )
