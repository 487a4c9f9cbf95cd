"""What staff lists ask before they are taken back, and what goes with people who go again."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.dispatch import receiver

from learning.enrolments.models import Enrolment
from learning.progress.models import CourseCompletion, LessonRead, ModuleCompletion
from learning.staff.signals import acting_asked, people_unmade

_BEGUN = (
    Q(started_at__isnull=False)
    | Exists(LessonRead.objects.filter(enrolment=OuterRef("pk")))
    | Exists(ModuleCompletion.objects.filter(enrolment=OuterRef("pk")))
    | Exists(CourseCompletion.objects.filter(enrolment=OuterRef("pk")))
)


@receiver(acting_asked, dispatch_uid="progress.who_has_begun")
def on_acting_asked(*, user_ids: Sequence[int], **_kwargs: Any) -> set[int]:
    """Those of them who have begun a course."""
    begun = Enrolment.objects.filter(_BEGUN, user_id__in=user_ids)
    return set(begun.values_list("user_id", flat=True))


@receiver(people_unmade, dispatch_uid="progress.untouched_enrolments_go")
def on_people_unmade(*, user_ids: Sequence[int], **_kwargs: Any) -> None:
    """Enrolments that a unit's assignment made for them, and that nobody has touched."""
    Enrolment.objects.filter(user_id__in=user_ids).exclude(_BEGUN).delete()
