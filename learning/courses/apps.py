from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "learning.courses"
    verbose_name = _("Courses")

    def ready(self) -> None:
        from learning.courses.receivers import connect

        connect()
