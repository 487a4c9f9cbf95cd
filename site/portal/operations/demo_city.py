"""The invented city as data: names to draw from, and agencies with their shares of completion."""

from dataclasses import dataclass

from learning.organisations.models import UnitKind

FAMILY = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đỗ",
    "Bùi",
    "Đặng",
    "Ngô",
    "Đào",
    "Phan",
    "Lương",
    "Mai",
    "Đinh",
]
MIDDLE = ["Mẫu", "Thí Dụ", "Thị Mẫu", "Văn Mẫu"]
GIVEN = [
    "An",
    "Anh",
    "Ánh",
    "Ân",
    "Bình",
    "Châu",
    "Chi",
    "Cường",
    "Dung",
    "Dũng",
    "Duy",
    "Dương",
    "Đạt",
    "Đức",
    "Giang",
    "Hà",
    "Hải",
    "Hạnh",
    "Hằng",
    "Hiền",
    "Hiếu",
    "Hòa",
    "Hoa",
    "Hùng",
    "Huyền",
    "Hương",
    "Khánh",
    "Lan",
    "Linh",
    "Loan",
    "Long",
    "Mai",
    "Minh",
    "Nam",
    "Nga",
    "Ngân",
    "Ngọc",
    "Nhung",
    "Oanh",
    "Phong",
    "Phúc",
    "Phương",
    "Quang",
    "Quân",
    "Quỳnh",
    "Sơn",
    "Tâm",
    "Thảo",
    "Thắng",
    "Thu",
    "Thủy",
    "Trang",
    "Trung",
    "Tuấn",
    "Tùng",
    "Uyên",
    "Vân",
    "Việt",
    "Xuân",
    "Yến",
]
POSITIONS = ["Chuyên viên", "Chuyên viên", "Chuyên viên", "Chuyên viên chính", "Văn thư"]


@dataclass(frozen=True)
class Agency:
    """An agency with its divisions; shares are of its people, in percent.

    The officers' agencies are due within a fortnight, so that there is somebody to remind.
    """

    code: str
    name: str
    short_name: str
    kind: UnitKind
    divisions: tuple[str, ...]
    people: int
    due_in_days: int
    completed: int
    in_progress: int


AGENCIES = (
    Agency(
        "so-khcn",
        "Sở Khoa học và Công nghệ",
        "Sở KH&CN",
        UnitKind.DEPARTMENT,
        ("Văn phòng Sở", "Phòng Quản lý chuyên ngành", "Phòng Đổi mới sáng tạo"),
        36,
        12,
        64,
        22,
    ),
    Agency(
        "so-ct",
        "Sở Công Thương",
        "",
        UnitKind.DEPARTMENT,
        ("Văn phòng Sở", "Phòng Quản lý thương mại", "Phòng Quản lý công nghiệp"),
        32,
        30,
        56,
        25,
    ),
    Agency(
        "so-nnmt",
        "Sở Nông nghiệp và Môi trường",
        "Sở NN&MT",
        UnitKind.DEPARTMENT,
        ("Văn phòng Sở", "Phòng Trồng trọt", "Phòng Thủy sản"),
        30,
        30,
        50,
        27,
    ),
    Agency(
        "p-le-chan",
        "Phường Lê Chân",
        "",
        UnitKind.WARD,
        ("Văn phòng HĐND và UBND", "Phòng Văn hóa - Xã hội"),
        26,
        10,
        58,
        23,
    ),
    Agency(
        "p-hong-bang",
        "Phường Hồng Bàng",
        "",
        UnitKind.WARD,
        ("Văn phòng HĐND và UBND", "Phòng Kinh tế, Hạ tầng và Đô thị"),
        24,
        21,
        46,
        29,
    ),
    Agency(
        "p-do-son",
        "Phường Đồ Sơn",
        "",
        UnitKind.WARD,
        ("Văn phòng HĐND và UBND", "Phòng Kinh tế, Hạ tầng và Đô thị"),
        20,
        21,
        45,
        25,
    ),
    Agency(
        "x-thanh-ha",
        "Xã Thanh Hà",
        "",
        UnitKind.COMMUNE,
        ("Văn phòng HĐND và UBND", "Phòng Kinh tế"),
        22,
        -5,
        50,
        27,
    ),
    Agency(
        "x-tien-lang",
        "Xã Tiên Lãng",
        "",
        UnitKind.COMMUNE,
        ("Văn phòng HĐND và UBND", "Phòng Kinh tế"),
        22,
        -5,
        36,
        28,
    ),
    Agency(
        "dk-cat-hai",
        "Đặc khu Cát Hải",
        "",
        UnitKind.SPECIAL_ZONE,
        ("Văn phòng HĐND và UBND", "Phòng Kinh tế, Hạ tầng và Đô thị", "Phòng Văn hóa - Xã hội"),
        28,
        14,
        39,
        25,
    ),
)
