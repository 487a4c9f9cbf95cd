"""Questions in and out: the formats of other programs, of spreadsheets and of Word papers.

Owns what a format can say and how it is read and written; the bank stores. May import the bank,
and nothing of attempts or learning.
"""
