"""Practice questions inside a lesson: judged by the server, counted nowhere."""

from typing import Any

from wagtail.blocks import StreamValue, StructValue

from learning.courses.models import LessonPage


def find_practice(lesson: LessonPage, block_id: str) -> StreamValue.StreamChild | None:
    """The practice block with this id in the published lesson, or None."""
    return next(
        (b for b in lesson.body if b.block_type == "practice" and str(b.id) == block_id), None
    )


def judge(block: StreamValue.StreamChild, answer: str) -> dict[str, Any]:
    """What the feedback shows: the option chosen (None for nothing or nonsense), the right one."""
    options: list[StructValue] = list(block.value["options"])
    chosen = {str(place): option for place, option in enumerate(options)}.get(answer)
    right = next(option for option in options if option["right"])
    return {
        "block": block,
        "value": block.value,
        "block_id": block.id,
        "chosen": chosen,
        "right_option": right,
        "is_right": chosen is not None and bool(chosen["right"]),
    }
