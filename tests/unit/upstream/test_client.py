"""Reading another portal: whole, or an error that says why not."""

from __future__ import annotations

import gzip
import json
import shutil
import ssl
import subprocess
import threading

import pytest

from ckanext.actionplan.upstream import Problem, UpstreamError, address


def dataset(number):
    return {"id": f"id-{number:05}", "name": f"name-{number:05}"}


def problem(read, **arguments):
    with pytest.raises(UpstreamError) as caught:
        read(**arguments)
    return caught.value.problem


def test_all_pages_each_dataset_once(portal, read):
    found = read()
    assert [fact.dataset_id for fact in found] == [
        each["id"] for each in portal.datasets
    ]
    assert found[0].formats == ("CSV",)
    path, query, headers = portal.asked[0]
    assert path == "/api/3/action/package_search"
    assert query == {"rows": "10", "start": "0", "sort": "id asc"}
    assert headers["Accept-Encoding"] == "gzip"
    assert [query["start"] for _, query, _ in portal.asked] == ["0", "9", "18"]


@pytest.mark.parametrize("number", [0, 1, 9, 10, 11, 19, 20])
def test_any_number(portal, read, number):
    portal.datasets = portal.datasets[:number]
    assert len(read()) == number


def test_slash_at_the_end_of_the_address(portal, read):
    assert len(read(url=f"{portal.url}/")) == 25


def test_deleted_meanwhile_nothing_is_passed_over(portal, read):
    expected = {each["id"] for each in portal.datasets[5:]}

    def answer(server, handler, query):
        if query["start"] == "9" and len(server.datasets) == 25:
            server.datasets = server.datasets[5:]
        server.whole(handler, query)

    portal.answer = answer
    assert expected <= {fact.dataset_id for fact in read()}


def test_added_meanwhile_does_not_fail_the_run(portal, read):
    def answer(server, handler, query):
        if query["start"] == "9" and len(server.datasets) == 25:
            server.datasets.insert(0, dataset(99999))
        server.whole(handler, query)

    portal.answer = answer
    assert len(read()) == 25


def test_never_the_same_twice(portal, read):
    def answer(server, handler, query):
        rows = [dataset(len(server.asked) * 100 + number) for number in range(10)]
        handler.json({"success": True, "result": {"count": 500, "results": rows}})

    portal.answer = answer
    assert problem(read, datasets=5000) == Problem.CHANGING


def test_name_that_stands_twice_is_taken_once(portal, read):
    portal.datasets[3]["name"] = portal.datasets[2]["name"]
    assert len(read()) == 24


def test_compressed_answer(portal, read):
    def answer(server, handler, query):
        content = json.dumps({"success": True, "result": server.page(query)})
        handler.body(gzip.compress(content.encode()), Content_Encoding="gzip")

    portal.answer = answer
    assert len(read()) == 25


def failing(times, status=503, **headers):
    def answer(server, handler, query):
        if len(server.asked) <= times:
            handler.body(b"{}", status, **headers)
        else:
            server.whole(handler, query)

    return answer


def test_tries_again_with_growing_pauses(portal, read, pauses):
    portal.answer = failing(3)
    assert len(read()) == 25
    assert pauses == [1, 2, 4]


def test_waits_as_long_as_it_is_asked_to(portal, read, pauses):
    portal.answer = failing(1, 429, Retry_After="17")
    assert len(read()) == 25
    assert pauses == [17]


def test_does_not_wait_for_ever(portal, read, pauses):
    portal.answer = failing(1, 429, Retry_After="86400")
    assert problem(read) == Problem.STATUS
    assert pauses == []


def test_gives_up(portal, read, pauses):
    portal.answer = failing(99, 500)
    with pytest.raises(UpstreamError, match="status 500"):
        read()
    assert len(portal.asked) == 4
    assert pauses == [1, 2, 4]


def test_other_errors_are_not_tried_again(portal, read, pauses):
    portal.answer = failing(99, 404)
    assert problem(read) == Problem.STATUS
    assert pauses == []


def test_whole_run_takes_too_long(portal, read):
    ticks = iter(range(0, 10_000, 20))
    assert problem(read, clock=lambda: next(ticks), request_seconds=1000) == (
        Problem.RUN_TIMEOUT
    )


def test_too_many(read):
    assert problem(read, datasets=15) == Problem.TOO_MANY


def test_large_pages_are_cut_smaller(portal, read):
    for each in portal.datasets:
        each["notes"] = "а" * 1000
    # Ten of some 6 kB do not fit, five do.
    assert len(read(response_bytes=40_000)) == 25
    assert portal.asked[-1][1]["rows"] == "5"


def test_run_of_too_many_bytes(portal, read):
    assert problem(read, run_bytes=1000) == Problem.TOO_LARGE


def answers(value):
    return lambda _server, handler, _query: handler.json(value)


def text(content, **more):
    return lambda _server, handler, _query: handler.body(content, **more)


def result(count, rows):
    return answers({"success": True, "result": {"count": count, "results": rows}})


def bomb(_server, handler, _query):
    handler.body(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip")


def cut_off(_server, handler, _query):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"success"')


def hang_up(_server, handler, _query):
    handler.connection.close()


HOSTILE = {
    "success false with 200": (
        answers({"success": False, "error": {"message": "Search error"}}),
        Problem.REFUSED,
    ),
    "no result": (answers({"success": True}), Problem.SHAPE),
    "a list": (answers([]), Problem.SHAPE),
    "rows are no list": (result(5, {}), Problem.SHAPE),
    "count is a word": (result("many", []), Problem.SHAPE),
    "rows are numbers": (result(1, [1]), Problem.SHAPE),
    "row without id": (result(1, [{"name": "x"}]), Problem.SHAPE),
    "row with an endless id": (
        result(1, [{"id": "x" * 999, "name": "x"}]),
        Problem.SHAPE,
    ),
    "fewer than announced": (result(5, [dataset(1), dataset(2)]), Problem.INCOMPLETE),
    "none of those announced": (result(5, []), Problem.INCOMPLETE),
    "page in HTML": (text(b"<html>", mimetype="text/html"), Problem.NOT_JSON),
    "HTML that says JSON": (text(b"<html>"), Problem.NOT_JSON),
    "not a number": (text(b'{"success": NaN}'), Problem.NOT_JSON),
    "wrong letters": (text(b'{"success": "\xff\xfe"}'), Problem.NOT_JSON),
    "endless depth": (text(b"[" * 200_000), Problem.TOO_DEEP),
    "some depth": (text(b"[" * 50 + b"]" * 50), Problem.TOO_DEEP),
    "bomb": (bomb, Problem.TOO_LARGE),
    "large": (text(b" " * 3_000_000), Problem.TOO_LARGE),
    "broken zip": (text(b"nothing", Content_Encoding="gzip"), Problem.ENCODING),
    "unknown zip": (text(b"nothing", Content_Encoding="br"), Problem.ENCODING),
    "redirect": (
        text(b"", status=302, Location="http://169.254.169.254/"),
        Problem.REDIRECT,
    ),
    "cut off": (cut_off, Problem.UNREACHABLE),
    "hang up": (hang_up, Problem.UNREACHABLE),
}


@pytest.mark.parametrize(("answer", "expected"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile(portal, read, answer, expected):
    portal.answer = answer
    assert problem(read, response_bytes=2_000_000) == expected


@pytest.mark.parametrize("headers", [True, False])
def test_drop_by_drop(portal, read, headers):
    """Bytes that come one by one keep no reader: the socket is shut in time."""
    stop = threading.Event()

    def answer(_server, handler, _query):
        if not headers:
            handler.send_response(200)
            handler.send_header("Content-Type", "application/json")
            handler.end_headers()
        while not stop.wait(0.02):
            handler.wfile.write(b"X")
            handler.wfile.flush()

    portal.answer = answer
    try:
        found = problem(read, request_seconds=0.2, retries=0)
    finally:
        stop.set()
    assert found == Problem.TIMEOUT


def test_nobody_listens(portal, read):
    url = portal.url
    portal.server_close()
    assert problem(read, url=url) == Problem.UNREACHABLE


@pytest.fixture
def encrypted(portal, tmp_path, monkeypatch):
    """The portal behind https, with a certificate that is trusted for the test."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("needs openssl to make a certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", str(key), "-out", str(certificate), "-subj", "/CN=portal"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    portal.socket = context.wrap_socket(portal.socket, server_side=True)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    return portal.url.replace("http", "https")


def test_encrypted(encrypted, read):
    assert len(read(url=encrypted)) == 25


def test_encrypted_and_private(encrypted, portal, read, monkeypatch):
    monkeypatch.setattr(address, "check", lambda *_args, **_more: False)
    assert problem(read, url=encrypted, private_allowed=False) == (
        Problem.PRIVATE_ADDRESS
    )
    assert portal.asked == []


def test_encrypted_drop_by_drop(encrypted, portal, read):
    stop = threading.Event()

    def answer(_server, handler, _query):
        while not stop.wait(0.02):
            handler.wfile.write(b"X")
            handler.wfile.flush()

    portal.answer = answer
    try:
        found = problem(read, url=encrypted, request_seconds=0.5, retries=0)
    finally:
        stop.set()
    assert found == Problem.TIMEOUT


def test_unknown_certificate(encrypted, portal, read, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    assert problem(read, url=encrypted, retries=0) == Problem.UNREACHABLE
