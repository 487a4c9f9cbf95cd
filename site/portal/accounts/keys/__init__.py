"""Short-lived keys: codes sent by mail, codes on printed cards, and how often they were tried."""
