"""The figures for other programs: the same `Report` and the same list as on the screens."""
