from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegradingConfig(AppConfig):
    name = "quizzes.regrading"
    verbose_name = _("Regrading")

    def ready(self) -> None:
        from quizzes.attempts.signals import result_notes
        from quizzes.regrading.receivers import on_result_shown

        result_notes.connect(on_result_shown, dispatch_uid="regrading.on_result_shown")
