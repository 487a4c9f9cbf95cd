from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from learning.courses import searching
from learning.courses.glossary import sections
from learning.courses.models import FindableText, LessonPage
from learning.courses.practice import find_practice, judge

# What can be found: as the address says it, and as people do.
_KINDS = {
    FindableText.Kind.LESSON: ("bai-hoc", pgettext_lazy("found", "Lessons")),
    FindableText.Kind.TERM: ("thuat-ngu", pgettext_lazy("found", "Terms")),
    FindableText.Kind.SOURCE: ("nguon", pgettext_lazy("found", "Sources")),
}


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


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """All terms of the course with their definitions, by letter."""
    return render(request, "courses/glossary.html", {"sections": sections()})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What answers `q` among lessons, terms and sources; `loai` narrows it to one kind."""
    query = searching.Query.of(request.GET.get("q", ""))
    asked = request.GET.get("loai", "")
    kind = next((kind for kind, (name, _label) in _KINDS.items() if name == asked), "")
    context = {"query": query, "most_letters": searching.MOST_LETTERS}
    if query.is_askable:
        findings = searching.search(query, kind=kind, number=request.GET.get("trang", 1))
        context |= _shown(findings, kind)
        if not findings.total:
            context["suggestions"] = searching.suggestions(query)
    return render(request, "courses/search.html", context)


def _shown(findings: searching.Findings, kind: str) -> dict[str, object]:
    kinds = [
        {"name": name, "label": label, "count": findings.counts[key], "chosen": key == kind}
        for key, (name, label) in _KINDS.items()
        if findings.counts.get(key)
    ]
    groups = [
        {"label": _KINDS[FindableText.Kind(key)][1], "count": findings.counts[key], "results": r}
        for key, r in findings.groups
    ]
    chosen = _KINDS[FindableText.Kind(kind)][0] if kind else ""
    return {"findings": findings, "kinds": kinds, "groups": groups, "chosen": chosen}
