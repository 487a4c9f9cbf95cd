"""One question a screen: how it went over time, in which module people stand, what they don't
know, and who they are by position.

All are of the same people as the overview's «assigned», and every count of people opens its list.
What the words mean here:

- day, week: local days; weeks of ISO 8601, from Monday. A week at an end of the period holds the
  days of the period only.
- cumulative rate: completed by the end of the day or week, of those assigned by then.
- in a module now: in progress, and it is the first live module that is not completed. Whoever has
  completed all of them and not the course stands at the final test.
- stopped there: in it, and neither a lesson read nor a quiz handed in for 14 days, nor the course
  begun in them.
- share of points: points earned of those that could be, over the graded answers of attempts that
  were handed in; practice and voided questions are left out. A question counts under the topic
  its editors give it now.
- position: of the place where the person works; spellings that differ in marks and case alone are
  one, under the commonest of them.
"""
