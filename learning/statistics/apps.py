from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from learning.audit.words import register_acts, register_things


class StatisticsConfig(AppConfig):
    name = "learning.statistics"
    verbose_name = _("Statistics")

    def ready(self) -> None:
        from learning.api.api import api
        from learning.statistics import digest
        from learning.statistics.pulling.api import router
        from learning.statistics.summary.triggers import ensure_triggers, remove_triggers

        digest.register()
        pre_migrate.connect(remove_triggers, sender=self, dispatch_uid="statistics.triggers_go")
        post_migrate.connect(ensure_triggers, sender=self, dispatch_uid="statistics.triggers_come")
        api.add_router("/statistics", router)
        register_acts({"letterhead-changed": _("Letterhead of reports changed")})
        register_things(
            {
                "learners": _("List of learners with their progress"),
                "training-hours": _("List of people with their training hours"),
            }
        )
