"""Units beside each other, and one period beside another: the reports of several questions."""
