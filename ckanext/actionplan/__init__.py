"""Action plans and harvesting compliance for CKAN portals."""
