"""How Vietnamese teachers write questions, options and answers."""

from __future__ import annotations

import re

_I = re.IGNORECASE
# «Câu 1.», «Câu hỏi 12:», «Câu 1 (NB).»
NAMED = re.compile(
    r"\s*(?:câu(?:\s+hỏi)?|question)\s*(?:số\s*)?(\d{1,3})(?!\d)\s*"
    r"(?:[.:)/\-–]+|(?=[\(\[])|(?=(?-i:[A-ZÀ-ỸĐ]))|$)\s*",
    _I,
)
NUMBERED = re.compile(r"\s*(\d{1,3})\s*[.)/](?!\d)\s*(?=\S)")
LEVELS = re.compile(r"\s*[\(\[]\s*(NB|TH|VD|VDC|VDT)\s*[\)\]]\s*[.:\-–]?\s*")
LEVEL_DIFFICULTY = {"NB": 1, "TH": 2, "VD": 3, "VDT": 3, "VDC": 3}
POINTS = re.compile(
    r"\s*[\(\[]\s*\d{1,2}(?:[.,]\d{1,2})?\s*(?:điểm|đ|point|points)\s*[\)\]]\s*[.:\-–]?\s*", _I
)
OPTION = re.compile(r"\s*[\(\[]?([*✓✔]?)\s*([A-Ha-h])\s*(\*?)\s*([.):/\]]|\)\.)\s*")
MULTIPLE = re.compile(
    r"\s*\(?\s*chọn\s+(?:tất\s+cả|nhiều|các)\s+(?:các\s+)?(?:phương\s+án|đáp\s+án)"
    r"(?:\s+đúng)?\s*\.?\s*\)?\s*",
    _I,
)
SECTION = re.compile(
    r"\s*(phần|chương|chủ\s+đề|chuyên\s+đề)\s+([ivx]{1,5}|\d{1,2}|[a-d])\b\s*[.:)\-–]*\s*(.*)", _I
)
LETTERED_SECTION = re.compile(r"\s*([IVX]{1,5})\s*[.)\-–]\s+(\S.{3,})")
ESSAY_SECTION = re.compile(r"tự\s+luận", _I)
STATEMENT_SECTION = re.compile(r"đúng\s*(?:/|hoặc|hay)\s*sai|đúng\s+sai", _I)
# --- answers --------------------------------------------------------------------------------------
_KEY_WORDS = (
    r"(?:đáp\s*án(?:\s+đúng)?(?:\s+là)?|đ/?\.?a|đáp\s+số|đs|answer|key|trả\s+lời"
    r"|phương\s+án\s+đúng)"
)
KEY = re.compile(rf"\s*[\(\[]?\s*{_KEY_WORDS}\s*[:.\-–=]\s*(\S.*?)\s*$", _I)
KEY_OF_GAP = re.compile(r"\s*đáp\s*án\s*\((\d{1,2})\)\s*:\s*(\S.*?)\s*$", _I)
CHOOSE = re.compile(
    r"\s*(?:=>|⇒|→)?\s*(?i:vậy\s+)?(?i:ta\s+)?(?i:chọn)\s+"
    r"(?i:đáp\s+án\s+|phương\s+án\s+|câu\s+)?([A-H])\s*\.?\s*$"
)
BARE_KEY = re.compile(rf"\s*[\(\[]?\s*{_KEY_WORDS}\s+((?-i:[A-H]))\s*[\)\]]?\s*\.?\s*$", _I)
NOTHING = re.compile(r"[\s….,_\-–:;()]*")
TRAILING_KEY = re.compile(
    r"\s+[\(\[]?\s*(?:đáp\s*án|đ/?a)\s*:\s*([A-H](?:\s*[,;]\s*[A-H])*)\s*[\)\]]?\s*\.?\s*$",
    _I,
)
EXPLANATION = re.compile(
    r"\s*(?:giải\s+thích|lời\s+giải|hướng\s+dẫn(?:\s+giải)?|căn\s+cứ)(?:\s*[:.]\s*(.*)|\s*)$", _I
)
WHY = re.compile(r"\s*giải\s+thích\s+(?:phương\s+án\s+)?([A-H])\s*:\s*(\S.*)$", _I)
RUBRIC = re.compile(
    r"\s*(?:thang\s+điểm|biểu\s+điểm|hướng\s+dẫn\s+chấm|tiêu\s+chí\s+chấm)\s*:?\s*$", _I
)
CRITERION = re.compile(r"\s*[-•+*–]?\s*(.+?)\s*[\(:]\s*(\d{1,3})\s*(?:điểm|đ)\s*\)?\s*\.?\s*$", _I)
# --- the part with all answers --------------------------------------------------------------------
KEY_HEADING = re.compile(
    r"\s*(?:bảng\s+|phần\s+)?(?:đáp\s*án|hướng\s+dẫn\s+giải|hướng\s+dẫn\s+chấm|answer\s+key)"
    r"(?:\s+(?:chi|đề|và|mã|tham|trắc|các|phần|thang|hướng|lời|giải|biểu)\b.*)?"
    r"\s*[:.]?\s*$",
    _I,
)
PAIR = re.compile(
    r"(?:câu\s*)?(\d{1,3})\s*[-–.:)=]?\s*([A-H](?:\s*[,;]\s*[A-H](?![\w]))*)(?!\w)[.;,|]?\s*", _I
)
KEY_OF = re.compile(r"\s*câu\s*(\d{1,3})\s*[.:)\-–]\s*(\S.*?)\s*$", _I)
GAP_KEY_OF = re.compile(r"\s*câu\s*(\d{1,3})\s*\((\d{1,2})\)\s*:\s*(\S.*?)\s*$", _I)
EXPLANATION_OF = re.compile(r"\s*giải\s+thích\s+câu\s*(\d{1,3})\s*[:.]\s*(.*)$", _I)
WHY_OF = re.compile(r"\s*giải\s+thích\s+câu\s*(\d{1,3}),\s*phương\s+án\s+([A-H])\s*:\s*(.*)$", _I)
RUBRIC_OF = re.compile(r"\s*thang\s+điểm\s+câu\s*(\d{1,3})\s*:?\s*$", _I)
CHOSEN_THEN = re.compile(
    r"(?:chọn|đáp\s*án|đa)?\s*:?\s*(?:đáp\s+án\s+|phương\s+án\s+)?([A-H])\b\s*[.:;,\-–]*\s*(.*)$",
    _I,
)
# --- values ---------------------------------------------------------------------------------------
LETTERS = re.compile(r"[A-H](?:(?:\s*(?:,|;|\+|&|và)\s*|\s+)[A-H])*", _I)
LETTER = re.compile(r"(?<!\w)[A-H](?!\w)", _I)
JOINED_LETTERS = re.compile(r"[A-H]{2,6}")
LETTER_AND_TEXT = re.compile(r"([A-H])\s*[.):/]\s*(\S.*)")
WORDS_BEFORE = re.compile(r"\s*(?:phương\s+án|đáp\s+án|câu|ý|là)\s+(?=[A-Ha-h]\b)", _I)
JUDGED = re.compile(r"([a-h])\s*[.):\-–]?\s*(đúng|sai|đ|s)(?!\w)\s*[;,.|]?\s*", _I)
JUDGEMENTS = re.compile(r"(?:đúng|sai|đ|s)(?:[\s,;\-–/]*(?:đúng|sai|đ|s))*", _I)
JUDGEMENT = re.compile(r"đúng|sai|đ|s", _I)
ARROWS = re.compile(r"\s*(?:→|->|–>|=>|>|⇒)\s*")
PLACED = re.compile(r"(\d{1,2})\s*[-–:→.)]\s*([a-h])(?!\w)\s*[;,.|]?\s*", _I)
STATEMENT_END = re.compile(
    r"\s*(?:[\(\[]\s*(đúng|sai|đ|s)\s*[\)\]]|[-–—:→\t]\s*(đúng|sai|Đ|S))\s*\.?\s*$", _I
)
NUMBER_KEY = re.compile(r"(.+?)(?:\s*\(\s*(?:±|\+/-|sai\s+số)\s*([\d.,]+)\s*(%?)\s*\))?\s*$", _I)
LABELLED_GAP = re.compile(r"\((\d{1,2})\)\s*(?:…+|_{2,}|\.{3,})")
GAP = re.compile(r"…+|\.{3,}|_{3,}")
ORDER_WORDS = re.compile(r"sắp\s+xếp|xếp\s+theo|trình\s+tự|thứ\s+tự", _I)
# --- what is no question --------------------------------------------------------------------------
END = re.compile(r"[\s\-–—_*=.]*h[eếêề]́?t[\s\-–—_*=.]*$", _I)
SKIPPED = re.compile(
    r"\s*(?:họ\s*(?:,|và)?\s*tên|họ\s+và\s+tên|số\s+báo\s+danh|sbd|lớp\s*:|mã\s+đề"
    r"|thời\s+gian\s+làm|thí\s+sinh\s+(?:không|chỉ|trả|chọn|làm)|cán\s+bộ\s+coi"
    r"|học\s+sinh\s+(?:không|chọn|trả)|chữ\s+k[ýí]\s*:|trang\s+\d|ghi\s+chú\s*:|lưu\s+ý\s*:"
    r"|hãy\s+khoanh"
    r"|khoanh\s+tròn|\(?đề\s+(?:thi|kiểm|gồm|có))",
    _I,
)
GAP_LABEL = re.compile(r"\s*\(?\d{1,2}\s*[).:]\s*")
