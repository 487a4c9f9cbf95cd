"""The paper: facts of one certificate in, one PDF page out. Knows no database."""
