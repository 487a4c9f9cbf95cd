"""Training hours of a unit's people in a year: the list, the totals by unit, the files.

What hours are and what is obliged is said and computed in `learning.hours`; here they are counted
by units. A past year is told by the tree of its last day. People who fall short are those with
fewer hours than their obligation; of whom nothing is obliged, nobody falls short.
"""
