"""Who may do what: told to each in plain words, and given and taken away by who answers for it."""
