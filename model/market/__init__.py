"""The rare-earth market: plants, debt, prices and trade."""
