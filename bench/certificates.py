"""Papers of certificates: drawn and signed, how many a second on one core, and does memory stay.

    make bench ARGS=--certificates

    python -m bench.certificates [how many]      in an environment with DEMO=true

One process as the worker is one, no database: what is drawn are the facts of a sample with another
name, code and number each. The key is a test authority's (RSA, 2048 bits). WeasyPrint, where it is
installed, draws the same design in the same run, in turns with the product.
"""

from __future__ import annotations

import argparse
import base64
import gc
import html
import itertools
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django

MANY, TURNS, BESIDE = 2_000, 10, 3
_PAGE = 4096


def main() -> None:
    """The table, and JSON as last line."""
    parser = argparse.ArgumentParser(prog="bench.certificates")
    parser.add_argument("many", nargs="?", type=int, default=MANY, help="papers drawn and signed")
    many = parser.parse_args().many
    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        steps = _Steps(Path(folder))
        found = steps.each() | steps.beside() | steps.flat(many)
    print(json.dumps(found))


class _Steps:
    """What is measured; each paper is another one."""

    def __init__(self, folder: Path) -> None:
        from django.conf import settings

        from learning.certificates.paper.design import house_design
        from learning.certificates.signing.keys import Keys, load_keys

        settings.CERTIFICATE_SIGNING |= {"with": "test", "test_authority": folder / "authority"}
        self.design = house_design()
        self.stamped = load_keys()
        self.plain = Keys(self.stamped.signer, None, is_test=True)
        self.papers = _papers(self.design)

    def draw(self) -> bytes:
        from learning.certificates.paper.rendering import draw_paper

        return draw_paper(next(self.papers), self.design)

    def sign(self, keys: Any) -> bytes:
        from learning.certificates.signing.making import sign_pdf

        return sign_pdf(self.draw(), keys).pdf

    def validate(self) -> None:
        from learning.certificates.signing.validating import verdict_on

        verdict = verdict_on(self.sign(self.plain))
        assert verdict.holds, verdict

    def each(self) -> dict[str, float]:
        """Seconds of the processor for one paper, by what is done with it."""
        rows: dict[str, Callable[[], Any]] = {
            "draw": self.draw,
            "draw, sign (B-B)": lambda: self.sign(self.plain),
            "draw, sign, validate": self.validate,
            "draw, sign for good (B-LTA)": lambda: self.sign(self.stamped),
        }
        taken = dict.fromkeys(rows, 0.0)
        for act in rows.values():
            act()
        for _turn in range(TURNS):
            for name, act in rows.items():
                begun = time.process_time()
                for _time in range(3):
                    act()
                taken[name] += (time.process_time() - begun) / 3 / TURNS
        print(f"  {'':<34}{'ms':>8}{'a second':>10}   on one core")
        for name, seconds in taken.items():
            print(f"  {name:<34}{seconds * 1000:>8.1f}{1 / seconds:>10.1f}")
        return taken

    def beside(self) -> dict[str, float]:
        """Drawing alone, in turns with WeasyPrint."""
        if find_spec("weasyprint") is None:
            print("  WeasyPrint is not installed: nothing to compare with.")
            return {}
        other = _weasyprint(self.papers, self.design)
        ours = theirs = 0.0
        self.draw(), other()
        for _turn in range(BESIDE):
            begun = time.process_time()
            self.draw(), self.draw()
            middle = time.process_time()
            size = len(other())
            ours += (middle - begun) / 2 / BESIDE
            theirs += (time.process_time() - middle) / BESIDE
        print(f"  {'the same design by WeasyPrint':<34}{theirs * 1000:>8.1f}{1 / theirs:>10.1f}")
        own = len(self.draw())
        print(f"  the product draws {theirs / ours:.1f} times as fast; {own // 1000} KB,", end=" ")
        print(f"WeasyPrint's {size // 1000} KB")
        return {"weasyprint": theirs, "times as fast": theirs / ours}

    def flat(self, many: int) -> dict[str, float]:
        """Memory while `many` are drawn and signed: the second half must not grow."""
        sizes, largest = [], 0
        begun, wall = time.process_time(), time.monotonic()
        for number in range(1, many + 1):
            largest = max(largest, len(self.sign(self.plain)))
            if number % (many // 8 or 1) == 0:
                gc.collect()
                sizes.append(_memory())
        seconds = time.process_time() - begun
        half = len(sizes) // 2
        growth = (sizes[-1] - sizes[half - 1]) / (many / 2) if half else 0.0
        print(
            f"  {many} drawn and signed: {many / seconds:.1f} a second of the processor,", end=" "
        )
        clock = many / (time.monotonic() - wall)
        print(f"  {clock:.1f} by the clock; the largest has {largest // 1000} KB")
        print(f"  memory in MB after each eighth: {', '.join(f'{size:.0f}' for size in sizes)};")
        print(f"  over 10,000 the second half's growth would be {growth * 10_000:.1f} MB")
        return {
            "per second": many / seconds,
            "MB at the end": sizes[-1],
            "MB over 10,000": growth * 10_000,
        }


def _papers(design: Any) -> Iterator[Any]:
    from learning.certificates.codes import new_code
    from learning.certificates.paper.sample import sample_certificate

    for number in itertools.count(1):
        yield sample_certificate(
            design,
            long=number % 10 == 0,
            full_name=f"Nguyễn Thị Mẫu {number}",
            code=new_code(),
            number=number,
            number_text=f"{number:04d}/2026/GCN-SKHCN",
            register_number=f"{number:04d}",
        )


def _memory() -> float:
    """What this process holds, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE / 1e6


# --- the peer ---------------------------------------------------------------------------------
_SHEET = """
@page {{ size: 297mm 210mm; margin: 0 }}
@font-face {{ font-family: V; src: url({fonts}/be-vietnam-pro-400.ttf) }}
@font-face {{ font-family: V; font-weight: 600; src: url({fonts}/be-vietnam-pro-600.ttf) }}
@font-face {{ font-family: V; font-weight: 700; src: url({fonts}/be-vietnam-pro-700.ttf) }}
@font-face {{ font-family: V; font-style: italic; src: url({fonts}/be-vietnam-pro-400-italic.ttf) }}
@font-face {{ font-family: P; src: url({fonts}/playfair-display-700.ttf) }}
body {{ margin: 0; font: 12pt V; color: {ink} }}
div {{ position: absolute; text-align: center }}
.bg {{ left: 0; top: 0; width: 297mm; height: 210mm }}
.l {{ left: 26mm; top: 25mm; width: 100mm }} .r {{ left: 160mm; top: 25mm; width: 112mm }}
.m {{ left: 28mm; top: 50mm; width: 241mm }} .m h1, .m h2 {{ font-family: P; margin: 3mm }}
.m h1 {{ color: {accent}; font-size: 41pt }} .m h2 {{ font-size: 35pt }} .m b {{ font-size: 20pt }}
.q {{ left: 34.5mm; top: 148.5mm }} .q img {{ width: 25mm }} .c {{ left: 77mm; top: 146mm }}
.s {{ left: 168mm; top: 142mm; width: 100mm }}
"""


def _weasyprint(papers: Iterator[Any], design: Any) -> Callable[[], bytes]:
    """Draws the next paper with WeasyPrint: the same words, fonts, ornament and code."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    from learning.certificates.paper import rendering
    from learning.certificates.paper.design import PALETTES

    look = PALETTES[design.palette]
    fonts = FontConfiguration()
    place = (Path(rendering.__file__).parent / "fonts").as_uri()
    sheet = weasyprint.CSS(
        string=_SHEET.format(fonts=place, ink=look.ink, accent=look.accent), font_config=fonts
    )

    def draw() -> bytes:
        inputs = rendering._inputs(next(papers), design)
        page = weasyprint.HTML(string=_page(json.loads(inputs["facts"]), inputs))
        made: bytes = page.write_pdf(
            stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/a-2b", pdf_tags=True
        )
        return made

    return draw


def _page(facts: dict[str, Any], inputs: dict[str, str]) -> str:
    said = {key: html.escape(str(value)) for key, value in facts.items()}
    words = {key: html.escape(str(value)) for key, value in facts["words"].items()}
    lines = "<br>".join(html.escape(line) for line in facts["signer_lines"])
    return (
        f'<html lang="vi"><title>{said["document_title"]}</title>'
        f'<div class="bg"><img alt="-" src="{_svg(inputs["ornament"])}"></div>'
        f'<div class="l">{said["issuer_parent"]}<br><strong>{said["issuer_name"]}</strong><br>'
        f"{words['number']}</div>"
        f'<div class="r"><strong>{words["nation"]}<br>{words["motto"]}</strong></div>'
        f'<div class="m"><h1>{words["title"]}</h1>{words["attests"]}<h2>{said["full_name"]}</h2>'
        f"{said['work']}<p>{words['completed']}</p><b>{said['course']}</b>"
        f"<p>{said['details']}</p></div>"
        f'<div class="q"><img alt="{words["qr_alt"]}" src="{_svg(inputs["qr"])}"></div>'
        f'<div class="c">{words["code_label"]}<br><strong>{said["code"]}</strong><br>'
        f"{words['register']}<br>{said['address']}</div>"
        f'<div class="s"><em>{said["place_and_date"]}</em><p><strong>{lines}</strong></p>'
        f"<p><strong>{said['signer_name']}</strong></p></div></html>"
    )


def _svg(drawn: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"


if __name__ == "__main__":
    main()
