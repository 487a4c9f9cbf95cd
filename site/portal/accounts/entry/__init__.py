"""Ways in: password, a code by mail, activation with a card, another system's log-in."""
