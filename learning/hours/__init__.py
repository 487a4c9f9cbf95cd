"""Training hours of a person in a calendar year, against what she is obliged to.

Owns obligations, how courses count, and courses taken elsewhere («khóa học bên ngoài»).

- A year runs from 1 January to 31 December in Asia/Ho_Chi_Minh. A completion counts in the year in
  which it happened, with the hours frozen in it; an outside course, once approved, in the year of
  its last day, with the hours that were approved.
- The same course completed twice in a year counts once, the first time, unless its `CountingRule`
  says that every completion counts.
- The hours are the person's, wherever she earned them. In lists and totals she stands once: in the
  unit where she works today, or worked on the year's last day. A person of two units on one day
  stands in the one she came to last.
- The obligation is the most particular `Obligation` that fits her: position and kind of unit
  before position, position before kind, kind before none; one of the year before one of all years.
  Without any there is nothing to fall short of. No figure is built in: the department sets them.

May import progress and below.
"""
