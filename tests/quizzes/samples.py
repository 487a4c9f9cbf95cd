"""A question of each kind, and its twin: the same to look at, with another key.

`order` is the order a person sees; the twin shows the same in `twin_order`. `wrong` is what a form
sends that earns nothing. Every new kind has its sample here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image

from quizzes.bank.actions import save_question
from quizzes.bank.content import (
    OptionSpec,
    PictureContent,
    PictureTexts,
    QuestionContent,
    content_of,
)
from quizzes.bank.kinds import get_kind
from quizzes.bank.models import Question
from quizzes.bank.pictures import PictureFile, encode

ALT = "Một hình vuông đỏ trên nền trắng."
HIDDEN = {"explanation": "Giải thích kín.", "sources": [{"title": "Nguồn kín", "url": ""}]}


@dataclass(frozen=True)
class Sample:
    """What is written for a question, and what its twin has otherwise."""

    kind: str
    prompt: str
    options: list[OptionSpec]
    order: list[str]
    twin: list[OptionSpec]
    twin_order: list[str]
    wrong: dict[str, list[str]]
    settings: dict[str, Any] = field(default_factory=dict)
    twin_settings: dict[str, Any] | None = None
    picture: str = ""
    # What a form sends, where no machine knows the right answer.
    given: dict[str, list[str]] = field(default_factory=dict)

    @property
    def marked_by_machine(self) -> bool:
        """Whether handing in says what it earned."""
        return not get_kind(self.kind).needs_person

    @property
    def content(self) -> QuestionContent:
        """The question as plain data."""
        return content_of(
            kind=self.kind,
            prompt=self.prompt,
            options=self.options,
            settings=self.settings,
            picture=self.picture,
            pictures={"hinh.png": PictureTexts(_frozen())},
        )

    @property
    def right(self) -> dict[str, list[str]]:
        """What a form sends for the right answer, in `order`."""
        if self.given:
            return self.given
        kind = get_kind(self.kind)
        return kind.fields(kind.right_answer(self.content), self.order)

    def save(self, *, twin: bool = False, **fields: Any) -> Question:
        """The published question, or its twin."""
        settings = self.settings if self.twin_settings is None else self.twin_settings
        return save_question(
            **{
                "key": f"{self.kind}-{'twin' if twin else 'one'}".replace("_", "-"),
                "kind": self.kind,
                "prompt": self.prompt,
                "options": self.twin if twin else self.options,
                "settings": settings if twin else self.settings,
                "picture": self.picture,
                "pictures": {"hinh.png": PictureFile(drawn_picture(), ALT)},
                **HIDDEN,
                **fields,
            }
        )


def drawn_picture(width: int = 800, height: int = 400) -> bytes:
    """A PNG with a red square on white."""
    image = Image.new("RGB", (width, height), "white")
    image.paste((200, 30, 20), (width // 10, height // 10, width // 4, height // 2))
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def _frozen() -> PictureContent:
    made = encode(drawn_picture())
    return {
        "digest": made.digest,
        "format": made.format,
        "width": made.width,
        "height": made.height,
        "alt": ALT,
    }


def _choice(kind: str, *rights: bool) -> Sample:
    def options(rights: tuple[bool, ...]) -> list[OptionSpec]:
        return [
            {"text": f"Phương án {n}", "right": right, "why": "Lý do kín"}
            for n, right in enumerate(rights)
        ]

    keys = [chr(ord("a") + n) for n in range(len(rights))]
    wrong = [key for key, right in zip(keys, rights, strict=True) if not right]
    return Sample(
        kind=kind,
        prompt=f"Câu hỏi {kind}?",
        options=options(rights),
        order=keys,
        twin=options(rights[::-1]),
        twin_order=keys,
        wrong={"answer": wrong[:1]},
    )


_STATEMENTS = ["Bằng độc quyền có hạn.", "Nhãn hiệu không gia hạn được.", "Sáng chế phải mới."]

SAMPLES: dict[str, Sample] = {
    sample.kind: sample
    for sample in (
        _choice("single", True, False, False),
        _choice("multiple", True, True, False),
        _choice("true_false", True, False),
        Sample(
            kind="statements",
            prompt="Xét từng nhận định.",
            options=[
                {"text": text, "right": right, "why": "Lý do kín"}
                for text, right in zip(_STATEMENTS, (True, False, True), strict=True)
            ],
            order=["b", "a", "c"],
            twin=[
                {"text": text, "right": right, "why": "Lý do kín"}
                for text, right in zip(_STATEMENTS, (False, False, True), strict=True)
            ],
            twin_order=["b", "a", "c"],
            wrong={"answer:a": ["false"], "answer:b": ["true"], "answer:c": ["false"]},
        ),
        Sample(
            kind="matching",
            prompt="Nối đối tượng với thời hạn.",
            options=[
                {"text": "Sáng chế", "match": "20 năm", "why": "Lý do kín"},
                {"text": "Nhãn hiệu", "match": "10 năm", "why": "Lý do kín"},
                {"text": "Kiểu dáng", "match": "5 năm", "why": "Lý do kín"},
                {"match": "Không có hạn"},
            ],
            order=["b", "a", "c", "=c", "=d", "=a", "=b"],
            twin=[
                {"text": "Sáng chế", "match": "10 năm", "why": "Lý do kín"},
                {"text": "Nhãn hiệu", "match": "5 năm", "why": "Lý do kín"},
                {"text": "Kiểu dáng", "match": "20 năm", "why": "Lý do kín"},
                {"match": "Không có hạn"},
            ],
            twin_order=["b", "a", "c", "=b", "=d", "=c", "=a"],
            wrong={"answer:a": ["1"], "answer:b": ["2"], "answer:c": ["3"]},
        ),
        Sample(
            kind="ordering",
            prompt="Xếp các bước nộp đơn.",
            options=[
                {"text": "Rà soát", "why": "Lý do kín"},
                {"text": "Nộp đơn"},
                {"text": "Công bố"},
                {"text": "Cấp bằng"},
            ],
            order=["c", "a", "d", "b"],
            twin=[
                {"text": "Công bố"},
                {"text": "Rà soát", "why": "Lý do kín"},
                {"text": "Nộp đơn"},
                {"text": "Cấp bằng"},
            ],
            twin_order=["a", "b", "d", "c"],
            wrong={
                "answer:1": ["4"],
                "answer:2": ["3"],
                "answer:3": ["2"],
                "answer:4": ["1"],
            },
        ),
        Sample(
            kind="blank",
            prompt="Chủ đơn nộp [[1]] và được cấp [[2]].",
            options=[
                {"text": "đơn đăng ký", "gap": 1, "why": "Lý do kín"},
                {"text": "tờ khai", "gap": 1},
                {"text": "văn bằng bảo hộ", "gap": 2},
            ],
            order=["1", "2"],
            twin=[
                {"text": "văn bằng", "gap": 1},
                {"text": "kín mật", "gap": 2, "why": "Lý do kín"},
            ],
            twin_order=["1", "2"],
            wrong={"answer:1": ["sai rồi"], "answer:2": ["cũng sai"]},
            settings={"ignore_accents": True},
            twin_settings={},
        ),
        Sample(
            kind="number",
            prompt="Tỷ lệ bao nhiêu?",
            options=[{"text": "31,4", "why": "Lý do kín"}],
            order=[],
            twin=[{"text": "40", "why": "Lý do kín"}],
            twin_order=[],
            wrong={"answer": ["32 %"]},
            settings={"tolerance": "0,25", "unit": "%; phần trăm"},
            twin_settings={"tolerance": "1", "tolerance_as": "percent", "unit": "%; phần trăm"},
        ),
        Sample(
            kind="hotspot",
            prompt="Dấu chỉ dẫn nằm ở đâu?",
            options=[
                {"text": "Ô kín", "right": True, "area": "100,100,150,400", "why": "Lý do kín"},
                {"text": "Vòng kín", "area": "700,500,100", "why": "Lý do kín"},
            ],
            order=[],
            twin=[
                {"text": "Ô kín", "area": "100,100,150,400", "why": "Lý do kín"},
                {"text": "Vòng kín", "right": True, "area": "700,500,100", "why": "Lý do kín"},
            ],
            twin_order=[],
            wrong={"answer:at": ["950,950"], "answer:column": ["J"], "answer:row": ["10"]},
            picture="hinh.png",
        ),
        Sample(
            kind="essay",
            prompt="Viết ba câu về nhãn hiệu tập thể.",
            options=[
                {"text": "Nêu chủ kín", "points": 2, "why": "Lý do kín"},
                {"text": "Nêu lợi ích kín", "points": 3, "why": "Lý do kín"},
            ],
            order=[],
            twin=[{"text": "Tiêu chí kín", "points": 5, "why": "Lý do kín"}],
            twin_order=[],
            wrong={"answer": ["Một bài khác."]},
            settings={"least_words": "10", "placeholder": "Nêu tên…"},
            given={"answer": ["Hội là chủ nhãn hiệu."]},
        ),
    )
}
