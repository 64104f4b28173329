"""How the fund decides here: settings, levels of approval, exchange rates."""
