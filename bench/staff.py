"""Staff lists of 5,000 and 50,000 rows: checked, applied, checked again, undone.

    make bench ARGS=--staff

    python -m bench.staff         in the environment of a migrated database

Each step runs in a process of its own, as the worker's would, so that its peak of memory is its
own. A list of 50,000 must be checked within a minute and applied within three, and the peak must
not follow the size of the list.
"""

from __future__ import annotations

import datetime
import io
import json
import random
import resource
import subprocess
import sys
import time
from typing import Any

SIZES = (5_000, 50_000)
DIVISIONS = 120
MOST_SECONDS = {"check": 60.0, "apply": 180.0}
# Of the larger list's peak to the smaller one's; the file itself is read whole to look into it.
MOST_MEMORY = 1.35
STEPS = ("check", "apply", "again", "undo")
_FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ"]
_MIDDLE = ("Văn Mẫu", "Thị Mẫu", "Thí Dụ", "Hữu Mẫu", "Thị Thí Dụ")
_GIVEN = [
    "An",
    "Bình",
    "Cường",
    "Dũng",
    "Giang",
    "Hà",
    "Hiếu",
    "Hoa",
    "Lan",
    "Linh",
    "Minh",
    "Nam",
    "Nga",
    "Oanh",
    "Phúc",
    "Quân",
    "Thảo",
    "Yến",
]


def main() -> int:
    """Both sizes, the table, JSON as last line; 1 if something took too much."""
    import django

    django.setup()
    rows: dict[int, dict[str, Any]] = {}
    for size in SIZES:
        pk = _handed_in(size)
        rows[size] = {step: _step(pk, step) for step in STEPS}
        _tell(size, rows[size])
    small, large = (rows[size] for size in SIZES)
    print(json.dumps(rows))
    slow = [step for step, most in MOST_SECONDS.items() if large[step]["seconds"] > most]
    swollen = [
        step for step in STEPS if large[step]["megabytes"] > MOST_MEMORY * small[step]["megabytes"]
    ]
    for step in slow:
        print(f"✗ {step}: longer than {MOST_SECONDS[step]:.0f} s")
    for step in swollen:
        print(f"✗ {step}: memory follows the list's size")
    return int(bool(slow or swollen))


def _tell(size: int, steps: dict[str, Any]) -> None:
    for step, found in steps.items():
        told = f"{found['seconds']:>8.1f} s{found['megabytes']:>8.0f} MB  {found['counts']}"
        print(f"  {size:>7,} {step:<6}{told}", flush=True)


def _step(pk: int, step: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.staff", str(pk), step],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"✗ {step}:\n{done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def run(pk: int, step: str) -> None:
    """One step of one list in this process; its seconds and peak of memory as JSON."""
    import django

    django.setup()
    from django.db import connection

    from learning.staff.applying import continue_apply, continue_undo
    from learning.staff.checking import run_check
    from learning.staff.models import StaffImport

    lists = StaffImport.objects.filter(pk=pk)
    if step == "again":
        # The same file once more: nothing changes, so nothing can be applied.
        first = lists.get()
        again = StaffImport(
            unit=first.unit, by=first.by, name=first.name, file=first.file, sheet=first.sheet
        )
        again.state = "checking"
        again.complete = True
        again.save()
        lists = StaffImport.objects.filter(pk=again.pk)
    if connection.vendor == "sqlite":
        # Pages of the database's file that the system maps are no memory of the process.
        connection.cursor().execute("PRAGMA mmap_size=0")
    begun = time.perf_counter()
    if step in ("check", "again"):
        run_check(pk=lists.get().pk)
    elif step == "apply":
        from learning.staff.actions import start_apply

        found = lists.get()
        start_apply(found=found, seal=found.seal, by=found.by)
        while continue_apply(pk=pk):
            pass
    else:
        from learning.staff.actions import start_undo

        found = lists.get()
        start_undo(found=found, by=found.by)
        while continue_undo(pk=pk):
            pass
    seconds = time.perf_counter() - begun
    found = lists.get()
    if found.state not in ("checked", "applied", "undone"):
        raise SystemExit(f"{found.state}: {found.error}")
    counts = found.counts if step in ("check", "again") else found.state
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak, "counts": counts}))


def _handed_in(size: int) -> int:
    """A list for an agency of its own, ready to be checked; its key."""
    from django.contrib.auth import get_user_model

    from learning.organisations.actions import make_responsible, save_unit
    from learning.staff.actions import upload_list
    from learning.staff.models import StaffImport

    token = f"{size}-{time.time_ns() // 1_000_000}"
    unit = save_unit(code=f"bench-{token}", name=f"Sở Mẫu {token}", kind="department")
    for number in range(DIVISIONS):
        save_unit(
            code=f"bench-{token}-{number}", name=f"Phòng {number}", kind="division", parent=unit
        )
    users: Any = get_user_model()._default_manager
    officer = users.create_user(full_name="Trần Mẫu Nhân", email=f"nhan-{token}@vidu.example")
    make_responsible(user=officer, unit=unit)
    data = _workbook(size, token)
    found = upload_list(
        unit=unit,
        by=officer,
        name="ds.xlsx",
        stream=io.BytesIO(data),
        size=len(data),
        complete=True,
    )
    StaffImport.objects.filter(pk=found.pk).update(state="checking")
    print(f"  {size:>7,} rows, {len(data) / 1024 / 1024:.1f} MB", flush=True)
    return int(found.pk)


def _workbook(size: int, token: str) -> bytes:
    import xlsxwriter

    chance = random.Random(size)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.write_row(0, 0, ["DANH SÁCH CÁN BỘ"])
        titles = "STT|Mã cán bộ|Họ và tên|Ngày sinh|Giới tính|Chức vụ|Phòng/Đơn vị|Email|Điện thoại"
        sheet.write_row(2, 0, titles.split("|"))
        for number in range(size):
            name = " ".join(chance.choice(part) for part in (_FAMILY, _MIDDLE, _GIVEN))
            # No two of a division on one day: namesakes would have to be decided by a person.
            born = datetime.date(1966, 1, 1) + datetime.timedelta(days=30 * (number // DIVISIONS))
            sheet.write_row(
                number + 3, 0,
                [
                    number + 1, f"B{token}-{number}", name,
                    f"{born:%d/%m/%Y}", chance.choice(("Nam", "Nữ")),
                    "Chuyên viên", f"Phòng {number % DIVISIONS}", f"b{token}-{number}@vidu.example",
                    912_000_000 + number,
                ],
            )  # fmt: skip
    return target.getvalue()


if __name__ == "__main__":
    if len(sys.argv) == 3:
        run(int(sys.argv[1]), sys.argv[2])
    else:
        sys.exit(main())
