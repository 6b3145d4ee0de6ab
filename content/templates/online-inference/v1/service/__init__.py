"""Online inference: one request, one answer, within a deadline."""
