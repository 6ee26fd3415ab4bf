"""The same over TLS: what the ministries speak."""

import datetime
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shisaku.ingest.fetch.http.client import Limits
from shisaku.ingest.fetch.http.network import Network
from shisaku.ingest.fetch.run import run_fetch
from shisaku.ingest.fetch.sources import SourceList
from tests.support.web import LIMITS, PUBLIC, FakeClock, Site, document, html, pdf, reply, serving


def certificate(folder: Path, host: str, *, days: int = 1) -> tuple[Path, ssl.SSLContext]:
    """Give the file of a certificate that vouches for itself, and a context that shows it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=9))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "public.pem", folder / "private.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


def fill(site: Site) -> None:
    site.routes["/index.html"] = document(html("a.pdf"))
    site.routes["/a.pdf"] = document(pdf("a"))


def test_a_site_with_a_valid_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public, context = certificate(tmp_path, "www.example.go.jp")
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    with serving(context) as site:
        fill(site)
        report = site.fetch(tmp_path)
    assert report.counts["added"] == 1 and not report.needs_attention, report.lines()
    assert set(site.connected) == {"93.184.215.14"}


@pytest.mark.parametrize(
    ("host", "days", "trusted"),
    [
        ("www.example.go.jp", 1, False),
        ("www.example.com", 1, True),  # somebody else's
        ("www.example.go.jp", -1, True),  # expired
    ],
)
def test_a_site_that_cannot_prove_who_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, days: int, trusted: bool
) -> None:
    public, context = certificate(tmp_path, host, days=days)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(public))
    with serving(context) as site:
        fill(site)
        report = site.fetch(tmp_path)
    assert [failure.problem and failure.problem.code for failure in report.failed] == ["tls"]
    assert not site.log


def test_a_host_that_moves_from_http_to_https_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public, context = certificate(tmp_path, "www.example.go.jp")
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    with serving() as plain, serving(context) as secret:
        # Both at their usual ports, as far as the program can see.
        network = Network(
            lambda host, port: [PUBLIC],
            lambda address, port, timeout: socket.create_connection(
                ("127.0.0.1", plain.port if port == 80 else secret.port), timeout
            ),
        )
        place = "www.example.go.jp/index.html"
        plain.routes["/index.html"] = reply(301, Location=f"https://{place}")
        fill(secret)
        source = plain.source(pages=(f"http://{place}",), hosts=("www.example.go.jp",))
        report = run_fetch(
            tmp_path, SourceList((source,)), network=network, limits=LIMITS, clock=FakeClock()
        )
    assert report.counts["added"] == 1 and not report.needs_attention, report.lines()
    assert plain.asked("/index.html") == 1


def test_a_handshake_that_never_ends_is_cut_off(tmp_path: Path) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    cut = threading.Event()

    def trickle() -> None:
        connection, _ = listening.accept()
        with connection:
            try:
                # A record of 16 kB is announced and comes byte by byte.
                connection.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
                for _ in range(1200):  # a minute, unless the other side hangs up
                    connection.sendall(b"\0")
                    time.sleep(0.05)
            except OSError:
                cut.set()

    thread = threading.Thread(target=trickle, daemon=True)
    thread.start()
    with serving() as site, listening:
        site.scheme, site.port = "https", listening.getsockname()[1]
        limits = Limits(connect=2, read=2, total=0.4, tries=1)
        report = site.fetch(tmp_path, limits=limits)
    thread.join()
    assert [failure.problem and failure.problem.code for failure in report.failed] == ["slow"]
    assert cut.is_set()
    assert LIMITS.total and LIMITS.total < 60
