from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    name = "learning.organisations"
    verbose_name = _("Organisations")

    def ready(self) -> None:
        from learning.audit.words import register_acts, register_things

        register_acts({"role-given": _("Role given"), "role-ended": _("Role taken away")})
        register_things({"audit-log": _("Audit log")})
