from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from learning.audit.words import register_acts, register_things


class StatisticsConfig(AppConfig):
    name = "learning.statistics"
    verbose_name = _("Statistics")

    def ready(self) -> None:
        from learning.statistics import digest

        digest.register()
        register_acts({"letterhead-changed": _("Letterhead of reports changed")})
        register_things(
            {
                "learners": _("List of learners with their progress"),
                "training-hours": _("List of people with their training hours"),
            }
        )
