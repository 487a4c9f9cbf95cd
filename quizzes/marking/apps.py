from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class MarkingConfig(AppConfig):
    name = "quizzes.marking"
    verbose_name = pgettext_lazy("by people", "Marking")
