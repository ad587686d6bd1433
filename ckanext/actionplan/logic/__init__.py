"""Actions and what they are made of."""
