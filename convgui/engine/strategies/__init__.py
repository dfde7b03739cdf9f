"""How values are computed fast: strategies, tiles, and the loops that are compiled for them."""
