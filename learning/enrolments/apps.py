from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnrolmentsConfig(AppConfig):
    name = "learning.enrolments"
    verbose_name = _("Enrolments")

    def ready(self) -> None:
        from learning.enrolments import kept, receivers, reminding  # noqa: F401

        kept.register()
