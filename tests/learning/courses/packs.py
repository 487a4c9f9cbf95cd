"""A tiny sound pack on disk, and small changes to its files."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from django.core.management import CommandError, call_command
from django.utils import translation

FILES = {
    "course.yaml": """\
key: goi-thu
slug: khoa-thu
title: Khóa thử
summary: Tóm tắt khóa thử.
objectives: [Biết thử]
hours: "1.5"
updated: 2026-11-22
campaign:
  slug: ngay-thu
  title: Ngày thử
  lead: Chủ đề thử.
modules: [1-dau, 2-sau]
""",
    "sources/chung.yaml": """\
luat:
  title: Luật Sở hữu trí tuệ
  kind: law
  url: "https://vidu.example/luat"
trang:
  title: Một trang
  kind: web
  checked: 2026-11-22
""",
    "1-dau/module.yaml": """\
key: dau
slug: chuyen-de-dau
title: Chuyên đề đầu
summary: Tóm tắt chuyên đề.
objectives: [{key: neu-duoc, text: Nêu được}]
lessons: [1-bai.md, 2-bai.md]
quiz: {key: quiz-dau, title: Bài kiểm tra đầu, pass_percent: 70}
""",
    "1-dau/questions.yaml": """\
- key: cau-mot
  kind: single
  lesson: bai-mot
  difficulty: easy
  prompt: Câu hỏi một?
  options:
    - {text: Đúng rồi, right: true, why: Vì đúng.}
    - {text: Sai rồi, why: Vì sai.}
  explanation: Giải thích một.
  sources: [luat]
- key: cau-hai
  kind: multiple
  lesson: bai-hai
  difficulty: hard
  prompt: Câu hỏi hai?
  options:
    - {text: Ý đầu, right: true, why: Vì đúng.}
    - {text: Ý giữa, right: true, why: Vì cũng đúng.}
    - {text: Ý cuối, why: Vì sai.}
  explanation: Giải thích hai.
  sources: [luat, trang]
""",
    "1-dau/1-bai.md": """\
---
key: bai-mot
slug: bai-mot
title: Bài một
summary: Tóm tắt bài một.
minutes: 5
goals: [9]
sources: [luat]
---
Đoạn mở đầu có **chữ đậm**.

## {9} Một đầu mục

::: picture
file: hinh.svg
alt: Một hình vuông.
:::

::: callout note
title: Lưu ý
source: luat

Lời lưu ý.
:::

::: practice
prompt: Thử chọn?
options:
  - {text: Chọn đúng, right: true, why: Vì thế.}
  - {text: Chọn sai, why: Vì không.}
explanation: Giải thích kín của câu thử.
:::

::: takeaways
- Nhớ điều này.
:::
""",
    "1-dau/2-bai.md": """\
---
key: bai-hai
slug: bai-hai
title: Bài hai
summary: Tóm tắt bài hai.
minutes: 7
---
Nội dung bài hai.
""",
    "2-sau/module.yaml": """\
key: sau
slug: chuyen-de-sau
title: Chuyên đề sau
summary: Tóm tắt.
objectives: [{key: lam-duoc, text: Làm được}]
lessons: [1-bai.md]
quiz: {key: quiz-sau, title: Bài kiểm tra sau, pass_percent: 50}
""",
    "2-sau/questions.yaml": """\
- key: cau-ba
  kind: true_false
  lesson: bai-ba
  difficulty: medium
  prompt: Điều này đúng.
  options:
    - {text: Đúng, right: true, why: Vì đúng.}
    - {text: Sai, why: Vì sai.}
  explanation: Giải thích ba.
  sources: [trang]
""",
    "2-sau/1-bai.md": """\
---
key: bai-ba
slug: bai-ba
title: Bài ba
summary: Tóm tắt bài ba.
minutes: 6
---
Nội dung bài ba.
""",
    "pictures/hinh.svg": (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>\n'
    ),
}


@dataclass
class Reply:
    """What the command said: lines of problems, lines of the account, and how it ended."""

    problems: list[str]
    account: dict[str, int]
    error: str


class PackFolder:
    """The pack in `root`, written whole; `change` edits one of its files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Put `new` for `old`, which must stand in the file exactly once."""
        text = (self.root / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def load(self, *options: str) -> Reply:
        """`manage.py load_course` on this folder, its messages in English."""
        return load(self.root, *options)


def load(root: Path, *options: str) -> Reply:
    """`manage.py load_course root`, its messages in English."""
    out, err, error = io.StringIO(), io.StringIO(), ""
    with translation.override("en"):
        try:
            call_command("load_course", str(root), *options, stdout=out, stderr=err)
        except CommandError as problem:
            error = str(problem)
    account = dict(line.split(": ") for line in out.getvalue().splitlines() if ": " in line)
    return Reply(
        problems=err.getvalue().splitlines(),
        account={name: int(number) for name, number in account.items()},
        error=error,
    )
