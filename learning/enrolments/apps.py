from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from learning.audit.words import register_acts, register_things


class EnrolmentsConfig(AppConfig):
    name = "learning.enrolments"
    verbose_name = _("Enrolments")

    def ready(self) -> None:
        from learning.enrolments import kept, receivers, reminding  # noqa: F401

        kept.register()
        register_acts(
            {
                "course-assigned": _("Course assigned"),
                "assignment-changed": _("Assignment changed"),
                "assignment-ended": _("Assignment ended"),
                "assignment-passed-on": _("Assignment passed on to the units that took over"),
                "person-exempted": _("Person exempted from a course"),
                "exemption-ended": _("Exemption ended"),
                "due-date-extended": _("Due date extended"),
            }
        )
        register_things(
            {
                "assigned-people": _("People of an assignment, with their progress"),
                "people-to-remind": _("People who are late or soon due"),
            }
        )
