"""What the command line does, on top of everything else: nothing imports it."""
