from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StudyConfig(AppConfig):
    name = "learning.study"
    verbose_name = _("Study")

    def ready(self) -> None:
        from learning.study.receivers import on_attempt_graded
        from quizzes.attempts.signals import attempt_graded

        attempt_graded.connect(on_attempt_graded, dispatch_uid="study.on_attempt_graded")
