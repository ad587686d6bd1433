"""rules/criteria."""
