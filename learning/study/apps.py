from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StudyConfig(AppConfig):
    name = "learning.study"
    verbose_name = _("Study")

    def ready(self) -> None:
        from learning.study.receivers import (
            on_attempt_graded,
            on_attempt_regraded,
            on_regrade_asked,
        )
        from quizzes.attempts.signals import attempt_graded, attempt_regraded
        from quizzes.regrading.signals import regrade_effects

        attempt_graded.connect(on_attempt_graded, dispatch_uid="study.on_attempt_graded")
        attempt_regraded.connect(on_attempt_regraded, dispatch_uid="study.on_attempt_regraded")
        regrade_effects.connect(on_regrade_asked, dispatch_uid="study.on_regrade_asked")
