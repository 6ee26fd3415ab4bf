"""Parsed documents as files under parsed/, their ids and origins."""
