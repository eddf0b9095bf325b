"""Power Automate."""
