"""The commands, on top of everything else: nothing imports them."""
