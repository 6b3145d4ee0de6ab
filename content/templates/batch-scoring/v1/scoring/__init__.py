"""Batch scoring: one dated partition per run."""
