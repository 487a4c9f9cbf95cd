"""Activation cards for people without e-mail: made by HR officers, printed, used once."""
