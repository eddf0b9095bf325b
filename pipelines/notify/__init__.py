"""Tells people which cards changed their state."""
