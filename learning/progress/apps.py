from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgressConfig(AppConfig):
    name = "learning.progress"
    verbose_name = _("Progress")

    def ready(self) -> None:
        from learning.progress import kept, receivers  # noqa: F401  connects them

        kept.register()
