"""One Solr process of this clone's own, with a core for each portal."""

from __future__ import annotations

import hashlib
import re
import shutil
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final

import background
import paths
import shell
import state
from report import StepError

NAME: Final = "solr"
HOME: Final = paths.RUN / "solr"
SOURCE: Final = Path(__file__).parent / "solr"
HEAP: Final = "512m"
OLDEST_JAVA: Final = 17
# The mistakes a Maven resolution of Solr can make: not exactly one of these ...
SINGLE: Final = [
    "solr-core",
    "solr-solrj",
    "solr-api",
    "lucene-core",
    "lucene-analysis-common",
    "jetty-server",
    "jetty-servlet",
    "jetty-util",
    "jetty-http",
    "jetty-io",
    "jetty-client",
    "http2-client",
    "jetty-servlet-api",
    "log4j-core",
    "log4j-slf4j2-impl",
    "slf4j-api",
    "jersey-server",
    "hk2-api",
    "hk2-locator",
]
# ... or one of those.
UNWANTED: Final = re.compile(
    r"jetty-[a-z-]*-(9|11|12)\.|logback-|slf4j-log4j12-|slf4j-reload4j-"
    r"|commons-logging-|jersey-container-jetty-http-|jakarta\.servlet-api-[56]"
    r"|slf4j-api-1\."
)


def java_home() -> Path | None:
    """Return a JDK of 17 or newer, also when another one comes first in ``PATH``."""
    first = shutil.which("javac")
    candidates = [Path(first).resolve().parent.parent] if first else []
    candidates += sorted(Path("/usr/lib/jvm").glob("*"))
    for home in candidates:
        found = re.match(
            r"javac (\d+)", shell.output([home / "bin/javac", "-version"]) or ""
        )
        if found and int(found[1]) >= OLDEST_JAVA:
            return home
    return None


def _java_env() -> dict[str, str]:
    """Return the environment for Java programs.

    Nothing of the caller's goes to Solr: it takes every ``SOLR_*`` for a property.
    """
    home = java_home()
    if home is None:
        raise StepError("there is no JDK of 17 or newer", advice="run `make setup`")
    path = f"{home / 'bin'}:{shell.clean_env()['PATH']}"
    return {"PATH": path, "JAVA_HOME": str(home), "LANG": "C.UTF-8"}


def build() -> bool:
    """Collect the jars and compile the launcher unless that is done already.

    :returns: whether anything had to be built
    """
    stamp = HOME / "built"
    inputs = [SOURCE / "pom.xml", SOURCE / "SolrLauncher.java"]
    wanted = hashlib.sha256(b"".join(each.read_bytes() for each in inputs)).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    jars, classes = HOME / "jars", HOME / "classes"
    for folder in (jars, classes):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    advice = "check the network and the proxy settings of Maven, then try again"
    pom = SOURCE / "pom.xml"
    mvn = ["mvn", "-B", "-ntp", "-f", pom, f"-Djars.dir={jars}", "package"]
    env = {**shell.clean_env(), **_java_env()}
    shell.run(mvn, "solr-build", advice=advice, env=env)
    _check_jars(jars)
    javac = ["javac", "--release", "17", "-proc:none", "-cp", f"{jars}/*"]
    javac += ["-d", str(classes), str(SOURCE / "SolrLauncher.java")]
    shell.run(javac, "solr-build", env=env)
    stamp.write_text(wanted)
    return True


def _check_jars(folder: Path) -> None:
    jars = [path.name for path in folder.glob("*.jar")]
    wrong = [jar for jar in jars if UNWANTED.match(jar)]
    wrong += [
        name
        for name in SINGLE
        if sum(bool(re.match(rf"{name}-\d", jar)) for jar in jars) != 1
    ]
    if wrong:
        raise StepError(
            f"the jars do not fit together: {', '.join(wrong)}",
            log=shell.log_path("solr-build"),
            advice="restore dev/services/solr/pom.xml",
        )


def lay_out(core: str, schema: Path) -> None:
    """Write the configuration of a core; its index is kept.

    :param core: the core's name
    :param schema: ``schema.xml`` of the CKAN that will use it
    """
    home = HOME / "home"
    target = home / core / "conf"
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(SOURCE / "conf" / "solr.xml", home)
    for each in (SOURCE / "conf" / "core").iterdir():
        shutil.copy(each, target)
    shutil.copy(schema, target / "managed-schema.xml")
    (home / core / "core.properties").write_text(f"name={core}\n")
    if background.pid_of(NAME) is not None and not _answers(core):
        # Solr writes core.properties itself and refuses a core that has one.
        (home / core / "core.properties").unlink()
        _get(f"admin/cores?action=CREATE&name={core}&instanceDir={core}")


def start() -> None:
    """Start Solr with all cores laid out so far, if it is not running."""
    if background.pid_of(NAME) is not None:
        return
    port = state.port_to_start(NAME)
    cores = sorted(path.parent.name for path in HOME.glob("home/*/core.properties"))
    for folder in ("install", "tmp"):
        (HOME / folder).mkdir(exist_ok=True)
    properties = {
        "java.io.tmpdir": HOME / "tmp",
        "java.awt.headless": "true",
        "file.encoding": "UTF-8",
        "user.timezone": "UTC",
        "solr.solr.home": HOME / "home",
        # Stays empty: Solr would add install/lib to a second class loader.
        "solr.install.dir": HOME / "install",
        "solr.log.dir": paths.LOG,
        "log4j2.configurationFile": SOURCE / "log4j2.xml",
        "jetty.host": "127.0.0.1",
        "jetty.port": port,
        "host": "127.0.0.1",
        "solr.dns.prevent.reverse.lookup": "true",
        "launcher.cores": ",".join(cores),
    }
    env = {**_java_env(), "HOME": str(HOME / "tmp")}
    background.start(
        NAME,
        [
            *(
                "java",
                "-server",
                "-Xms128m",
                f"-Xmx{HEAP}",
                "-XX:+ExitOnOutOfMemoryError",
            ),
            *(f"-D{key}={value}" for key, value in properties.items()),
            *("-cp", f"{HOME / 'classes'}:{HOME / 'jars'}/*", "SolrLauncher"),
        ],
        lambda: all(_answers(core) for core in cores),
        env=env,
        seconds=120,
    )


def _get(path: str) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(
        f"http://127.0.0.1:{state.port(NAME)}/solr/{path}", timeout=30
    ) as r:
        return r.read().decode()


def _answers(core: str) -> bool:
    try:
        return '"OK"' in _get(f"{core}/admin/ping?wt=json")
    except (urllib.error.URLError, OSError):
        return False


def url(core: str) -> str:
    """Return the address of a core for CKAN."""
    return f"http://127.0.0.1:{state.port(NAME)}/solr/{core}"
