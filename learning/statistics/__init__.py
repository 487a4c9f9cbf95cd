"""HR's screens and files: who was assigned, who is on the way, who has completed.

Owns how reports are signed, and no facts. Figures of today are kept by unit and counted again when
a fact has changed (`summary`), those of a past day are counted from the facts; either way a report
is one result, which screen, CSV, XLSX, PDF, the report in Word and the API show. May import
everything in learning below it; not study.

What the words mean, here and nowhere else:

- of several courses (a programme, or all): each course of a person counts, so who was assigned two
  is assigned twice; staff are people.
- staff: people with an open membership in the unit or below it, today.
- assigned (được giao học): their enrolments in the course, of each person the present round,
  without those that were withdrawn. An enrolment follows its person, so who has left is counted
  nowhere and who has moved is counted where she works now.
- completed (hoàn thành): the enrolment has a course completion.
- in progress (đang học): started, and neither completion nor exemption.
- exempt (được miễn): exempted with a reason, and no completion.
- not started (chưa học): none of these. Assigned is always the sum of the four.
- overdue (quá hạn): the due date lies before today, neither completed nor exempt; they are among
  those in progress and not started. On the due date itself nobody is overdue.
- rate: completed of assigned, in percent.
- on time (đúng hạn): completed no later than the due date as it stands now, an extended one too.
  Who had no due date is neither on time nor late. On-time rate: of all whose date was met or
  missed, which are the completions with a due date and the overdue.
- mean and median score: of the completions' scores in percent, over those that have one. A sum
  of units has the median of all its people, not of its units.
- attempts: quizzes of the course's live modules and its final test that were handed in, practice
  left out.
- hours: the study hours of the completions, as they were frozen.
- in the period: newly assigned are those enrolled from its first day on, newly completed those
  who completed from then on; without a first day, all there are. Everything else is told as it
  stood at the end of the last day.
- certificates: enrolments with a certificate that is valid (a revoked one is not counted).
- goal: of the staff, who has completed all courses of the goal by the end of its day. Needed is
  the target share of the staff, rounded up to a whole person; missing is needed less done.

Of a past day (`moments`) all this is told as it was at its end, by the units of that day or by
those of now; a file of a past day is the same bytes whenever it is made, whatever became of the
units.

The scope is `organisations.access`: nothing is ever counted or listed outside it, and no figure
of a wider circle is shown beside it from which another unit's people could be told.

Small groups (`small`): who sees figures here may also list the persons behind them, save one
reader: a token of the API with the scope `statistics` and without `people`. To it the figures of a
unit with fewer than five people assigned are not told, nor those of other units from which they
could be reckoned, nor means and medians of fewer than five scores.
"""
