"""Which addresses may be asked."""

from __future__ import annotations

import socket

import pytest

from ckanext.actionplan.upstream import Problem, UpstreamError, address

PRIVATE = (
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104  it is refused
    "224.0.0.1",
    "::1",
    "fe80::1%eth0",
    "fd00::1",
    "::ffff:127.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::10.0.0.1",
    "nonsense",
)
PUBLIC = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::808:808")


@pytest.mark.parametrize("text", PRIVATE)
def test_private(text):
    assert not address.is_public(text)


@pytest.mark.parametrize("text", PUBLIC)
def test_public(text):
    assert address.is_public(text)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org",
        "file:///etc/passwd",
        "gopher://127.0.0.1",
        "http://",
        "http://[::1",
        "http://user:word@example.org",
        "http://example.org:port",
        "",
    ],
)
def test_no_web_address(url):
    with pytest.raises(UpstreamError) as caught:
        address.check(url, private_allowed=True)
    assert caught.value.problem == Problem.ADDRESS


def resolving(monkeypatch, *found):
    def getaddrinfo(*_args, **_more):
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 80)) for each in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def test_one_private_address_among_public_ones(monkeypatch):
    resolving(monkeypatch, "93.184.215.14", "127.0.0.1")
    with pytest.raises(UpstreamError) as caught:
        address.check("http://example.org", private_allowed=False)
    assert caught.value.problem == Problem.PRIVATE_ADDRESS


def test_tells_public_from_private(monkeypatch):
    assert not address.check("http://127.0.0.1", private_allowed=True)
    resolving(monkeypatch, "93.184.215.14")
    assert address.check("https://example.org", private_allowed=False)


def test_unknown_host(monkeypatch):
    def getaddrinfo(*_args, **_more):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(UpstreamError) as caught:
        address.check("http://portal.example", private_allowed=False)
    assert caught.value.problem == Problem.UNKNOWN_HOST


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_private_portal_is_not_asked(portal, read, host):
    port = portal.server_address[1]
    with pytest.raises(UpstreamError) as caught:
        read(url=f"http://{host}:{port}", private_allowed=False)
    assert caught.value.problem == Problem.PRIVATE_ADDRESS
    assert portal.asked == []


def test_name_that_changes_its_meaning(portal, read, monkeypatch):
    """The check sees a public address, the connection would go to a private one."""
    monkeypatch.setattr(address, "check", lambda *_args, **_more: False)
    with pytest.raises(UpstreamError) as caught:
        read(private_allowed=False)
    assert caught.value.problem == Problem.PRIVATE_ADDRESS
    assert portal.asked == []
