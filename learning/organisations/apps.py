from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrganisationsConfig(AppConfig):
    name = "learning.organisations"
    verbose_name = _("Organisations")

    def ready(self) -> None:
        from learning.audit.words import register_acts, register_things

        register_acts(
            {
                "role-given": _("Role given"),
                "role-ended": _("Role taken away"),
                "unit-change-planned": _("Change of units decided for a day to come"),
                "unit-change-taken-back": _("Change of units taken back"),
                "unit-open": _("Unit opened"),
                "unit-rename": _("Unit renamed"),
                "unit-move": _("Unit moved in the tree"),
                "unit-merge": _("Units merged"),
                "unit-split": _("Unit split"),
                "unit-close": _("Unit closed"),
            }
        )
        register_things(
            {
                "audit-log": pgettext_lazy("screen", "Audit log"),
                "people-to-name": _("People to whom a role can be given"),
            }
        )
