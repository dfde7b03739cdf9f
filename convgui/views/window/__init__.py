"""The window itself: panels, bars, messages."""
