from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from learning.courses.models import LessonPage
from learning.courses.practice import find_practice, judge


# It stores nothing and answers everyone alike, so it needs no token; a token would keep the
# lesson's body out of the cache that all readers share.
@csrf_exempt
@require_POST
def practice(request: HttpRequest, lesson_key: UUID) -> HttpResponse:
    """Judge a practice question in place: a fragment for the script, a page without it."""
    lesson = LessonPage.objects.live().filter(translation_key=lesson_key).first()
    block = find_practice(lesson, request.POST.get("block", "")) if lesson else None
    if lesson is None or block is None:
        raise Http404
    context = judge(block, request.POST.get("answer", "")) | {"lesson": lesson}
    wants_fragment = request.headers.get("X-Requested-With") == "fetch"
    name = "practice_feedback" if wants_fragment else "practice_page"
    return render(request, f"courses/{name}.html", context)
