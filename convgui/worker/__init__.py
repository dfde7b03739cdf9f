"""Threads: newest request wins, results come back by one queued signal."""
