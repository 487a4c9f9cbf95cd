"""The content of a question as plain data: what a version freezes. Pure functions."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

OPTION_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class SourceContent(TypedDict):
    """Where a statement comes from."""

    title: str
    url: str


class PictureContent(TypedDict):
    """A picture as it was published: a file that never changes, by the digest of its bytes."""

    digest: str
    # png or jpg: the ending of the file's name.
    format: str
    width: int
    height: int
    # What it shows, for whoever does not see it.
    alt: str


class OptionContent(TypedDict):
    """One offered option; `right` and `why` stay on the server until the review."""

    key: str
    text: str
    right: bool
    why: str
    # Only where a kind uses them, so that older versions keep their digests.
    match: NotRequired[str]
    gap: NotRequired[int]
    picture: NotRequired[PictureContent]
    pinned: NotRequired[bool]
    points: NotRequired[int]
    area: NotRequired[str]
    # The Vietnamese text of an option that is shown in English; never stored.
    original: NotRequired[str]


class OptionSpec(TypedDict):
    """An option as a content pack gives it; without a key it gets a letter by its place.

    `match` is its counterpart in a matching question, `gap` the gap it fills.
    """

    text: NotRequired[str]
    right: NotRequired[bool]
    why: NotRequired[str]
    key: NotRequired[str]
    text_en: NotRequired[str]
    why_en: NotRequired[str]
    match: NotRequired[str]
    match_en: NotRequired[str]
    gap: NotRequired[int]
    # The name of a picture that comes with the question.
    picture: NotRequired[str]
    # Stays in its place when the options are shuffled.
    pinned: NotRequired[bool]
    # The most points of a criterion, where the options are a rubric.
    points: NotRequired[int]
    # A region of the question's picture: see the kind that has them.
    area: NotRequired[str]


class OptionTexts(TypedDict):
    """What an option says in another language."""

    text: str
    why: str
    match: NotRequired[str]
    alt: NotRequired[str]


class EnglishContent(TypedDict):
    """What a question says in English; the options' texts by their keys."""

    prompt: str
    explanation: str
    options: dict[str, OptionTexts]
    # What its picture shows.
    alt: NotRequired[str]


@dataclass(frozen=True)
class PictureTexts:
    """A picture that comes with a question, and what it shows in English."""

    content: PictureContent
    alt_en: str = ""


class QuestionContent(TypedDict):
    """Everything of a question that a person may see before or after handing in."""

    kind: str
    prompt: str
    explanation: str
    sources: list[SourceContent]
    options: list[OptionContent]
    # Only what differs from the defaults of the kind, and only where something does.
    settings: NotRequired[dict[str, Any]]
    picture: NotRequired[PictureContent]
    # Only where the question has been translated, so that older versions keep their digests.
    en: NotRequired[EnglishContent]


def clean_text(text: str) -> str:
    """`text` in Unicode NFC without space at its ends."""
    return unicodedata.normalize("NFC", text or "").strip()


def build_content(
    *,
    kind: str,
    prompt: str,
    explanation: str,
    sources: Iterable[SourceContent],
    options: Iterable[OptionContent],
    english: EnglishContent | None = None,
    settings: Mapping[str, Any] | None = None,
    picture: PictureContent | None = None,
) -> QuestionContent:
    """The content in its one canonical form: equal questions give equal data.

    Without an English prompt there is no English content. `settings` are those that differ from
    the defaults of the kind, as `Kind.clean_settings` gives them.
    """
    content: QuestionContent = {
        "kind": kind,
        "prompt": clean_text(prompt),
        "explanation": clean_text(explanation),
        "sources": [
            {"title": clean_text(source["title"]), "url": (source.get("url") or "").strip()}
            for source in sources
        ],
        "options": [_option(option) for option in options],
    }
    if settings:
        content["settings"] = dict(settings)
    if picture:
        content["picture"] = _picture(picture)
    if english and clean_text(english["prompt"]):
        content["en"] = {
            "prompt": clean_text(english["prompt"]),
            "explanation": clean_text(english["explanation"]),
            "options": {key: _option_texts(texts) for key, texts in english["options"].items()},
        }
        if alt := clean_text(english.get("alt") or ""):
            content["en"]["alt"] = alt
    return content


def _picture(picture: PictureContent) -> PictureContent:
    return {**picture, "alt": clean_text(picture["alt"])}


def _option(option: OptionContent) -> OptionContent:
    built: OptionContent = {
        "key": option["key"],
        "text": clean_text(option["text"]),
        "right": bool(option["right"]),
        "why": clean_text(option.get("why") or ""),
    }
    if match := clean_text(option.get("match") or ""):
        built["match"] = match
    if gap := option.get("gap"):
        built["gap"] = int(gap)
    if picture := option.get("picture"):
        built["picture"] = _picture(picture)
    if option.get("pinned"):
        built["pinned"] = True
    if points := option.get("points"):
        built["points"] = int(points)
    if area := "".join((option.get("area") or "").split()):
        built["area"] = area
    return built


def _option_texts(texts: OptionTexts) -> OptionTexts:
    built: OptionTexts = {"text": clean_text(texts["text"]), "why": clean_text(texts["why"])}
    if match := clean_text(texts.get("match") or ""):
        built["match"] = match
    if alt := clean_text(texts.get("alt") or ""):
        built["alt"] = alt
    return built


def content_of(
    *,
    kind: str,
    prompt: str,
    options: Iterable[OptionSpec],
    prompt_en: str = "",
    explanation: str = "",
    explanation_en: str = "",
    sources: Iterable[SourceContent] = (),
    settings: Mapping[str, Any] | None = None,
    picture: str = "",
    pictures: Mapping[str, PictureTexts] | None = None,
) -> QuestionContent:
    """The content of a question as a content pack gives it; options without keys get some.

    `picture` and the options' «picture» are names in `pictures`; a name that is not there raises
    `KeyError`.
    """
    known = pictures or {}
    given = list(options)
    keyed = _with_keys(given, known)
    return build_content(
        kind=kind,
        prompt=prompt,
        explanation=explanation,
        sources=sources,
        options=keyed,
        english={
            "prompt": prompt_en,
            "explanation": explanation_en,
            "options": {
                option["key"]: {
                    "text": spec.get("text_en", ""),
                    "why": spec.get("why_en", ""),
                    "match": spec.get("match_en", ""),
                    "alt": known[spec["picture"]].alt_en if spec.get("picture") else "",
                }
                for option, spec in zip(keyed, given, strict=True)
            },
            "alt": known[picture].alt_en if picture else "",
        },
        settings=settings,
        picture=known[picture].content if picture else None,
    )


def _with_keys(
    given: Sequence[OptionSpec], pictures: Mapping[str, PictureTexts]
) -> list[OptionContent]:
    taken = [option["key"] for option in given if option.get("key")]
    complete: list[OptionContent] = []
    for option in given:
        key = option.get("key") or next_option_key(taken)
        taken.append(key)
        built: OptionContent = {
            "key": key,
            "text": option.get("text", ""),
            "right": option.get("right", False),
            "why": option.get("why", ""),
            "match": option.get("match", ""),
            "gap": option.get("gap", 0),
            "pinned": option.get("pinned", False),
            "points": option.get("points", 0),
            "area": option.get("area", ""),
        }
        if name := option.get("picture"):
            built["picture"] = pictures[name].content
        complete.append(built)
    return complete


def in_language(content: QuestionContent, language: str | None) -> QuestionContent:
    """The content with its texts in `language`, where it has them; what it has not stays."""
    english = content.get("en") if language == "en" else None
    if not english:
        return content
    translated: QuestionContent = {
        **content,
        "prompt": english["prompt"],
        "explanation": english["explanation"] or content["explanation"],
        "options": [
            _translated(option, english["options"].get(option["key"]))
            for option in content["options"]
        ],
    }
    if "picture" in content and english.get("alt"):
        translated["picture"] = {**content["picture"], "alt": english["alt"]}
    return translated


def _translated(option: OptionContent, texts: OptionTexts | None) -> OptionContent:
    if texts is None:
        return option
    translated: OptionContent = {
        **option,
        "text": texts["text"] or option["text"],
        "why": texts["why"] or option["why"],
        "original": option["text"],
    }
    if "match" in option:
        translated["match"] = texts.get("match") or option["match"]
    if "picture" in option and texts.get("alt"):
        translated["picture"] = {**option["picture"], "alt": texts["alt"]}
    return translated


def content_digest(content: QuestionContent) -> str:
    """SHA-256 (64 hex digits) over the canonical JSON of `content`."""
    packed = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(packed.encode()).hexdigest()


def parse_sources(text: str) -> list[SourceContent]:
    """Sources from lines «title» or «title | address»; empty lines are left out."""
    sources: list[SourceContent] = []
    for line in text.splitlines():
        title, _bar, url = line.rpartition("|")
        if not title or not url.strip().startswith(("http://", "https://", "/")):
            title, url = line, ""
        if title.strip():
            sources.append({"title": clean_text(title), "url": url.strip()})
    return sources


def sources_as_text(sources: Iterable[SourceContent]) -> str:
    """The reverse of `parse_sources`."""
    return "\n".join(
        f"{source['title']} | {source['url']}" if source.get("url") else source["title"]
        for source in sources
    )


def next_option_key(taken: Iterable[str]) -> str:
    """The first key of a, b, c, …, aa, ab, … not among `taken`."""
    used = set(taken)
    letters = OPTION_LETTERS.lower()
    for prefix in ("", *letters):
        for letter in letters:
            if (key := prefix + letter) not in used:
                return key
    raise ValueError("a question cannot have that many options")


def content_from(question: Any) -> QuestionContent:
    """The content of a `Question`, saved or only in memory (a preview)."""
    options = list(question.options.all())
    return build_content(
        kind=question.kind,
        prompt=question.prompt,
        explanation=question.explanation,
        sources=parse_sources(question.sources_text),
        options=[_content_from(option) for option in options],
        english={
            "prompt": question.prompt_en,
            "explanation": question.explanation_en,
            "options": {
                option.key: {
                    "text": option.text_en,
                    "why": option.why_en,
                    "match": option.match_en,
                    "alt": option.alt_en if option.picture_id else "",
                }
                for option in options
            },
            "alt": question.alt_en if question.picture_id else "",
        },
        settings=question.settings,
        picture=question.picture.content(question.alt) if question.picture_id else None,
    )


def _content_from(option: Any) -> OptionContent:
    built: OptionContent = {
        "key": option.key,
        "text": option.text,
        "right": option.is_right,
        "why": option.why,
        "match": option.match,
        "gap": option.gap or 0,
        "pinned": option.pinned,
        "points": option.points or 0,
        "area": option.area,
    }
    if option.picture_id:
        built["picture"] = option.picture.content(option.alt)
    return built
