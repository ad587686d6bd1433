"""One web server of the demo: ``serve.py INI PORT``, run by the environment's Python."""

from __future__ import annotations

import sys

import waitress

from ckan.cli import load_config
from ckan.config.middleware import make_app

THREADS = 8


def main(ini: str, port: str) -> None:
    """Serve a portal on a loopback port until the process is stopped."""
    application = make_app(load_config(ini))
    waitress.serve(application, listen=f"127.0.0.1:{port}", threads=THREADS)


if __name__ == "__main__":
    main(*sys.argv[1:])
