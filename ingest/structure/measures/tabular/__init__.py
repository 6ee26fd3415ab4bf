"""Measures in tables: columns of measures, and tables that are one entry of a follow-up each."""
