"""How fast and how heavy the product is, beside the ceiling of the same server on the same machine.

    make bench                  all of it on SQLite and PostgreSQL, two to three minutes
    make bench ARGS=--quick     shorter measurements, for a first look
    make bench ARGS=--profile   where a lesson page spends its time, instead of measuring
    make bench ARGS=--exam      500 people start a quiz within one second, on PostgreSQL
    make bench ARGS=--bank      the bank's screens and draws with 20,000 questions beside 200
    make bench ARGS=--certificates   2,000 papers drawn and signed, beside WeasyPrint
    make bench ARGS=--notices   10,000 letters to a mail server, each once
    make bench ARGS=--statistics     HR's screens with 2,000,000 people

Everything happens in a temporary folder and on 127.0.0.1: `prepare` fills a database of its own,
`servers` starts PostgreSQL and the production server, `load` is what locust drives, `weight` opens
a lesson in Chromium, `report` tells it. Absolute figures depend on the machine and on what else it
does; the ratios to the ceiling come from the same run and carry further. Nothing here is a test.
"""

import sys
from pathlib import Path

# As everywhere: `site` holds the package `portal`.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "site"))
