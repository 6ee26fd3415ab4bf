"""Measures (施策) of plans and follow-ups: how a document names them, their items, their bodies."""
