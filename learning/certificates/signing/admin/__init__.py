"""The page where papers are signed, taken out and in."""
