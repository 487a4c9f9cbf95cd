from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BankConfig(AppConfig):
    name = "quizzes.bank"
    verbose_name = _("Bank")

    def ready(self) -> None:
        from quizzes.bank import receivers  # noqa: F401
