from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HoursConfig(AppConfig):
    name = "learning.hours"
    verbose_name = _("Training hours")

    def ready(self) -> None:
        from learning.hours import kept
        from learning.hours.outside import telling

        telling.register()
        kept.register()
