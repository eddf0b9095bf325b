"""Alerts when a card changes state."""
