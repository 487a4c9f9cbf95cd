from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class AttemptsConfig(AppConfig):
    name = "quizzes.attempts"
    verbose_name = _("Attempts")

    def ready(self) -> None:
        from quizzes.attempts.guards import ensure_guards, remove_guards
        from quizzes.attempts.queries import count_versions
        from quizzes.bank import usage

        usage.register(count_versions)
        pre_migrate.connect(remove_guards, sender=self, dispatch_uid="attempts.remove_guards")
        post_migrate.connect(ensure_guards, sender=self, dispatch_uid="attempts.ensure_guards")
