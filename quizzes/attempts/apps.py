from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttemptsConfig(AppConfig):
    name = "quizzes.attempts"
    verbose_name = _("Attempts")

    def ready(self) -> None:
        from quizzes.attempts.queries import count_versions
        from quizzes.bank import usage

        usage.register(count_versions)
