"""A portal on loopback that answers as a test tells it."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ckanext.actionplan.core.facts import Fields
from ckanext.actionplan.upstream import Client, Limits

FIELDS = Fields("update_frequency", "purpose_of_collecting_information", "language")


def dataset(number):
    return {
        "id": f"id-{number:05}",
        "name": f"name-{number:05}",
        "title": f"Набір {number}",
        "metadata_modified": "2026-10-01T00:00:00",
        "resources": [{"format": "CSV"}],
        "tags": [],
        "extras": [],
    }


class Portal(ThreadingHTTPServer):
    """Counts requests; `answer(handler, query)` writes each answer."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.asked = []
        self.datasets = [dataset(number) for number in range(25)]
        self.answer = Portal.whole

    def handle_error(self, request, client_address):
        """A client that hangs up is what some tests are about."""

    def whole(self, handler, query):
        handler.json({"success": True, "result": self.page(query)})

    def page(self, query):
        start, rows = int(query["start"]), int(query["rows"])
        return {
            "count": len(self.datasets),
            "results": self.datasets[start : start + rows],
        }


class Handler(BaseHTTPRequestHandler):
    server: Any

    def do_GET(self):
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.server.asked.append((parts.path, query, dict(self.headers)))
        self.server.answer(self.server, self, query)

    def json(self, value, **headers):
        self.body(json.dumps(value).encode(), **headers)

    def body(self, content, status=200, mimetype="application/json", **headers):
        self.send_response(status)
        self.send_header("Content-Type", mimetype)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format, *args):
        """Say nothing."""


@pytest.fixture
def portal():
    server = Portal()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def read(portal, pauses):
    def read_all(url=None, clock=None, **asked):
        limits: dict[str, Any] = {
            "request_seconds": 5,
            "run_seconds": 60,
            "datasets": 1000,
            "rows": 10,
            "private_allowed": True,
            **asked,
        }
        more = {"clock": clock} if clock else {}
        client = Client(
            url or portal.url, Limits(**limits), FIELDS, sleep=pauses.append, **more
        )
        return [fact for page in client.pages() for fact in page]

    return read_all
