"""Figures of today kept by unit, so that a screen costs what it shows and not what there is.

Nothing here is ever asked whether it may be a little old. Whoever changes a fact, by whatever way,
leaves a mark in the same transaction: triggers of the database see to it (`triggers`). A screen
counts the marked units from the facts and takes the others as they are kept (`reading`); the
worker counts the marked ones again every minute and takes the marks away (`keeping`). What is kept
of a unit is of its own people, not of those below it: units that move change nothing.

Cost: a row in `Mark` for every fact that is written, and some kilobytes a unit and course.
"""
