"""Writes of the bank: publishing questions, and loading them from content packs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from quizzes.bank.content import (
    OptionSpec,
    PictureContent,
    PictureTexts,
    QuestionContent,
    SourceContent,
    clean_text,
    content_digest,
    content_from,
    content_of,
    sources_as_text,
)
from quizzes.bank.kinds import get_kind, kind_names
from quizzes.bank.models import (
    Option,
    Picture,
    Question,
    QuestionVersion,
    Quiz,
    QuizDraw,
    QuizQuestion,
    SittingRules,
)
from quizzes.bank.models.pictures import file_name
from quizzes.bank.pictures import Encoded, PictureFile, digest_of, encode


@transaction.atomic
def publish_question(*, question: Question, user: Any = None) -> QuestionVersion:
    """Make the question's present content the version that new attempts ask.

    A content that was published before takes its old version again, so calling this twice
    makes one version. Raises `ValidationError` if the question cannot be asked as it is.
    """
    content = content_from(question)
    get_kind(question.kind).validate(content)
    # The row lock numbers the versions one after the other; on SQLite the transaction does.
    Question.objects.select_for_update().filter(pk=question.pk).values_list("pk").first()
    digest = content_digest(content)
    versions = QuestionVersion.objects.filter(question_id=question.pk)
    version = versions.filter(digest=digest).first()
    if version is None:
        version = QuestionVersion.objects.create(
            question_id=question.pk,
            number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
            kind=question.kind,
            content=content,
            digest=digest,
            created_by=user if user is not None and user.is_authenticated else None,
        )
    if question.current_version_id != version.pk:
        Question.objects.filter(pk=question.pk).update(current_version=version)
    question.current_version = version
    return version


@transaction.atomic
def keep_picture(*, data: bytes, title: str = "") -> Picture:
    """The picture made of the file in `data`; one that is kept already is found again.

    Raises `ValidationError` for what is no picture, or none that can be shown.
    """
    found = _kept_picture(data)
    return found if found is not None else _keep(encode(data), title)


def _kept_picture(data: bytes) -> Picture | None:
    """What was made of this file before, or is this file."""
    digest = digest_of(data)
    return Picture.objects.filter(Q(digest=digest) | Q(origin=digest)).order_by("pk").first()


def _keep(made: Encoded, title: str) -> Picture:
    # Two files may come to the same picture.
    found = Picture.objects.filter(digest=made.digest).first()
    if found is not None:
        return found
    picture = Picture(
        digest=made.digest,
        origin=made.origin,
        format=made.format,
        width=made.width,
        height=made.height,
        title=clean_text(title)[:200],
    )
    name = file_name(picture, "")
    # The name says the content, so a file that is there already is the right one.
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(made.data))
    picture.file.name = name
    picture.save()
    return picture


def _made(files: Mapping[str, PictureFile]) -> dict[str, Picture | Encoded]:
    """Each file as a picture, kept or still to be kept; nothing is written yet."""
    made: dict[str, Picture | Encoded] = {}
    for name, file in files.items():
        try:
            made[name] = _kept_picture(file.data) or encode(file.data)
        except ValidationError as error:
            raise ValidationError([f"{name}: {message}" for message in error.messages]) from None
    return made


def _frozen(picture: Picture | Encoded, alt: str) -> PictureContent:
    return {
        "digest": picture.digest,
        "format": picture.format,
        "width": picture.width,
        "height": picture.height,
        "alt": clean_text(alt),
    }


@dataclass(frozen=True)
class ReadPictures:
    """Pictures that came with a question, read and not yet written, by their names."""

    made: dict[str, Picture | Encoded]
    texts: dict[str, PictureTexts]


def read_pictures(
    *, picture: str, options: Sequence[OptionSpec], files: Mapping[str, PictureFile]
) -> ReadPictures:
    """Of these files those that a question and its options name; nothing is written.

    Raises `ValidationError` for a file that is not there or is no picture.
    """
    named = _names_of_pictures(picture, options)
    if missing := sorted(set(named) - set(files)):
        raise ValidationError(
            _("These pictures did not come with the question: %(names)s"),
            params={"names": ", ".join(missing)},
        )
    made = _made({name: files[name] for name in named})
    return ReadPictures(
        made=made,
        texts={
            name: PictureTexts(_frozen(one, files[name].alt), files[name].alt_en)
            for name, one in made.items()
        },
    )


def _names_of_pictures(picture: str, options: Sequence[OptionSpec]) -> list[str]:
    return [name for name in (picture, *(one.get("picture", "") for one in options)) if name]


@transaction.atomic
def save_question(
    *,
    key: str,
    kind: str,
    prompt: str,
    options: Sequence[OptionSpec],
    explanation: str = "",
    prompt_en: str = "",
    explanation_en: str = "",
    sources: Iterable[SourceContent] = (),
    source_keys: Sequence[str] = (),
    reference: str = "",
    objective: str = "",
    difficulty: int = 2,
    topic: str = "",
    tags: Sequence[str] | None = None,
    settings: Mapping[str, Any] | None = None,
    picture: str = "",
    pictures: Mapping[str, PictureFile] | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    user: Any = None,
    publish: bool = True,
) -> Question:
    """Create or update the question called `key`, and publish it.

    Without `publish` it is kept as a draft; what is asked of a live one stays as it is. `picture`,
    and «picture» in an option, name one of `pictures`. `tags` None leaves an existing question's
    tags as they are. Called again with the same content it writes nothing. Raises
    `ValidationError`, before anything is written, if the question could not be asked.
    """
    if kind not in kind_names():
        raise ValidationError(
            _("Unknown kind of question: %(kind)s"), params={"kind": kind}, code="kind"
        )
    kept = get_kind(kind).clean_settings(settings or {})
    read = read_pictures(picture=picture, options=options, files=pictures or {})
    content = content_of(
        kind=kind,
        prompt=prompt,
        prompt_en=prompt_en,
        explanation=explanation,
        explanation_en=explanation_en,
        sources=sources,
        options=options,
        settings=kept,
        picture=picture,
        pictures=read.texts,
    )
    get_kind(kind).validate(content)
    english = content.get("en")
    fields = {
        "kind": kind,
        "settings": kept,
        "prompt": content["prompt"],
        "prompt_en": clean_text(prompt_en),
        "explanation": content["explanation"],
        "explanation_en": clean_text(explanation_en),
        "sources_text": sources_as_text(content["sources"]),
        "source_keys": list(source_keys),
        "reference": reference,
        "objective": objective,
        "valid_from": valid_from,
        "valid_until": valid_until,
        "difficulty": difficulty,
        "topic": clean_text(topic),
        "alt": content["picture"]["alt"] if "picture" in content else "",
        "alt_en": english.get("alt", "") if english else "",
    }
    question = Question.objects.select_for_update(of=("self",)).filter(key=key).first()
    if question is None:
        question = Question(key=key, live=False)
    elif (
        question.live
        and question.current_version_id
        and all(getattr(question, name) == value for name, value in fields.items())
        and content_from(question) == content
        and (tags is None or set(tags) == set(question.tags.names()))
    ):
        return question
    for name, value in fields.items():
        setattr(question, name, value)
    rows = {
        one.digest: one if isinstance(one, Picture) else _keep(one, name)
        for name, one in read.made.items()
    }
    question.picture = rows[content["picture"]["digest"]] if "picture" in content else None
    _set_options(question, content, rows)
    if tags is not None:
        question.tags.set(list(tags))
    question.full_clean()
    if publish or not question.live:
        question.save()
    # Through Wagtail, so that its history shows the load and the editor can go back.
    revision = question.save_revision(user=user, log_action=True)
    if publish:
        revision.publish(user=user, skip_permission_checks=True)
    question.refresh_from_db()
    return question


def _set_options(
    question: Question, content: QuestionContent, pictures: Mapping[str, Picture]
) -> None:
    """Give `question`, in memory, these options; an option keeps its row by its key."""
    present = {option.key: option for option in question.options.all()} if question.pk else {}
    english = content["en"]["options"] if "en" in content else {}
    rows = []
    for order, option in enumerate(content["options"]):
        row = present.get(option["key"]) or Option(key=option["key"])
        row.sort_order = order
        row.text, row.is_right, row.why = option["text"], option["right"], option["why"]
        row.match, row.gap = option.get("match", ""), option.get("gap")
        texts = english.get(option["key"])
        row.text_en, row.why_en = (texts["text"], texts["why"]) if texts else ("", "")
        row.match_en = texts.get("match", "") if texts else ""
        row.pinned, row.area = option.get("pinned", False), option.get("area", "")
        row.points = option.get("points")
        shown = option.get("picture")
        row.picture = pictures[shown["digest"]] if shown else None
        row.alt = shown["alt"] if shown else ""
        row.alt_en = texts.get("alt", "") if texts and shown else ""
        rows.append(row)
    question.options.set(rows)


@dataclass(frozen=True)
class DrawSpec:
    """A line of a blueprint as `save_quiz` takes it; `pool` is the key of the quiz drawn from."""

    pool: str = ""
    count: int = 1
    topic: str = ""
    difficulty: int | None = None
    objective: str = ""
    points: int | None = None


@transaction.atomic
def save_quiz(
    *,
    key: str,
    title: str,
    question_keys: Sequence[str],
    title_en: str = "",
    introduction: str = "",
    draw: int | None = None,
    draws: Sequence[DrawSpec | tuple[str, int]] = (),
    user: Any = None,
    **rules: Any,
) -> Quiz:
    """Create or update the quiz called `key` with these questions in this order.

    `draw` of them are asked (None: all), and more by the lines of the blueprint `draws`. `rules`
    are fields of `SittingRules`; those left out stay as they are. Called again with the same
    content it writes nothing. Raises `ValidationError` for a question or quiz that does not exist
    or is named twice, or a rule out of range.
    """
    pks = dict(Question.objects.filter(key__in=question_keys).values_list("key", "pk"))
    if missing := [name for name in question_keys if name not in pks]:
        raise ValidationError(
            _("The quiz names questions that do not exist: %(keys)s"),
            params={"keys": ", ".join(missing)},
        )
    if len(set(question_keys)) < len(question_keys):
        raise ValidationError(_("The quiz names a question twice."))
    fields = {
        "title": clean_text(title),
        "title_en": clean_text(title_en),
        "introduction": clean_text(introduction),
        "draw": draw,
        **_rules(rules),
    }
    quiz = Quiz.objects.select_for_update(of=("self",)).filter(key=key).first()
    present = {place.question_id: place for place in quiz.places.all()} if quiz else {}
    lines = _lines(draws)
    if quiz is None:
        quiz = Quiz(key=key)
    elif (
        list(present) == [pks[name] for name in question_keys]
        and [{name: getattr(line, name) for name in _LINE} for line in quiz.draws.all()] == lines
        and all(getattr(quiz, name) == value for name, value in fields.items())
    ):
        return quiz
    for name, value in fields.items():
        setattr(quiz, name, value)
    places = []
    for order, name in enumerate(question_keys):
        # Points an editor set for a place stay with it.
        place = present.get(pks[name]) or QuizQuestion(question_id=pks[name])
        place.sort_order = order
        places.append(place)
    quiz.places.set(places)
    quiz.draws.set([QuizDraw(**line, sort_order=order) for order, line in enumerate(lines)])
    quiz.full_clean()
    for line in quiz.draws.all():
        line.clean()
    quiz.save()
    quiz.save_revision(user=user, log_action=True)
    return quiz


_LINE = ("pool_id", "count", "topic", "difficulty", "objective", "points")


def _rules(given: Mapping[str, Any]) -> dict[str, Any]:
    """The rules given; `TypeError` for a name that is none."""
    known = {field.attname for field in SittingRules._meta.concrete_fields} | {"entry_quiz_id"}
    if unknown := set(given) - known:
        raise TypeError(f"save_quiz knows no rule {', '.join(sorted(unknown))}")
    return dict(given)


def _lines(draws: Sequence[DrawSpec | tuple[str, int]]) -> list[dict[str, Any]]:
    """The lines of a blueprint as fields of `QuizDraw`."""
    specs = [draw if isinstance(draw, DrawSpec) else DrawSpec(*draw) for draw in draws]
    keys = [spec.pool for spec in specs if spec.pool]
    pks = dict(Quiz.objects.filter(key__in=keys).values_list("key", "pk"))
    if missing := [key for key in keys if key not in pks]:
        raise ValidationError(
            _("There is no quiz to draw from: %(keys)s"), params={"keys": ", ".join(missing)}
        )
    lines = [{**asdict(spec), "pool_id": pks.get(spec.pool)} for spec in specs]
    return [{name: line[name] for name in _LINE} for line in lines]
