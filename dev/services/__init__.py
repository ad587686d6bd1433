"""PostgreSQL, Redis and Solr of this clone's own, under ``.run/``."""
