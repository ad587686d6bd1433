"""Tables and set-based select statements."""
