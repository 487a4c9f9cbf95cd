"""The holidays of 2026 and 2027 that move, and the consent of public sign-up.

Tết and the Hùng Kings' day follow the lunar calendar; «(dự kiến)» marks what had not been announced
when this was written. An administrator corrects and adds days in the admin.
"""

import datetime

from django.db import migrations

DAYS = [
    ("2026-02-16", False, "Tết Nguyên đán"),
    ("2026-02-17", False, "Tết Nguyên đán"),
    ("2026-02-18", False, "Tết Nguyên đán"),
    ("2026-02-19", False, "Tết Nguyên đán"),
    ("2026-02-20", False, "Tết Nguyên đán"),
    ("2026-04-26", False, "Giỗ Tổ Hùng Vương"),
    ("2026-04-27", False, "Nghỉ bù Giỗ Tổ Hùng Vương"),
    ("2026-09-01", False, "Quốc khánh (ngày liền kề)"),
    ("2027-02-05", False, "Tết Nguyên đán (dự kiến)"),
    ("2027-02-06", False, "Tết Nguyên đán (dự kiến)"),
    ("2027-02-07", False, "Tết Nguyên đán (dự kiến)"),
    ("2027-02-08", False, "Tết Nguyên đán (dự kiến)"),
    ("2027-02-09", False, "Tết Nguyên đán (dự kiến)"),
    ("2027-02-10", False, "Nghỉ bù Tết Nguyên đán (dự kiến)"),
    ("2027-02-11", False, "Nghỉ bù Tết Nguyên đán (dự kiến)"),
    ("2027-04-16", False, "Giỗ Tổ Hùng Vương (dự kiến)"),
    ("2027-05-03", False, "Nghỉ bù ngày 01/5 (dự kiến)"),
    ("2027-09-03", False, "Quốc khánh (ngày liền kề, dự kiến)"),
]
TEXT = (
    "Tôi đồng ý để cơ quan quản lý trang này lưu họ và tên, địa chỉ thư điện tử và kết quả học tập"
    " của tôi nhằm ghi danh, theo dõi việc học và cấp giấy chứng nhận. Tôi có thể xem, tải về, yêu"
    " cầu sửa, xóa và rút lại sự đồng ý này bất cứ lúc nào tại mục «Dữ liệu của tôi»; việc rút lại"
    " không ảnh hưởng đến những gì đã làm trước đó."
)


def add(apps, schema_editor):
    days = apps.get_model("privacy", "CalendarDay")
    days.objects.bulk_create(
        [
            days(day=datetime.date.fromisoformat(day), works=works, name=name)
            for day, works, name in DAYS
        ],
        ignore_conflicts=True,
    )
    apps.get_model("privacy", "ConsentText").objects.get_or_create(
        purpose="public-sign-up",
        version="1",
        defaults={
            "title": "Đồng ý xử lý dữ liệu cá nhân khi đăng ký học",
            "text": TEXT,
            "valid_from": datetime.date(2026, 1, 1),
        },
    )


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_requests_consents_retention")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
