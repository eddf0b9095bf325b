"""Adobe Commerce."""
