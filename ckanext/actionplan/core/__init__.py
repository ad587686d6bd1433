"""Pure rules of action plans: standard library only, today is an argument."""
