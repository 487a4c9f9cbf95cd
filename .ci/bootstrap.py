"""Prepare `.venv` from the hash-pinned lock, then start what was asked for.

    python3 .ci/bootstrap.py env|dev|demo|test [arguments for the command]

env   runtime packages only          demo  env, then `manage.py demo`
dev   with the development tools     test  dev, then `.ci/check.py`

Standard library only, and nothing here may be newer than Python 3.6: an old Python has to get as
far as being told that it is too old. What a person can do something about is said in Vietnamese
first, then in English, without a traceback.
"""

import hashlib
import os
import shutil
import socket
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
VENV_PYTHON = os.path.join(BIN, "python.exe" if os.name == "nt" else "python")
TOOLS = os.path.join(VENV, ".tools")
STAMP = os.path.join(VENV, ".lock-stamp")
UV_LOCK = os.path.join(ROOT, ".ci", "uv.txt")
LOCKS = {
    "runtime": os.path.join(ROOT, "requirements.txt"),
    "dev": os.path.join(ROOT, "requirements-dev.txt"),
}
OLDEST = (3, 11)
COMMANDS = {"env": "runtime", "demo": "runtime", "dev": "dev", "test": "dev"}
NETWORK_SIGNS = (
    "connection refused",
    "connection error",
    "connectionerror",
    "connect error",
    "error sending request",
    "failed to establish a new connection",
    "network is unreachable",
    "no route to host",
    "name or service not known",
    "name resolution",
    "temporary failure resolving",
    "nodename nor servname",
    "dns error",
    "proxyerror",
    "tunnel",
    "timed out",
    "connecttimeout",
)


class Problem(Exception):
    """Something the person at the keyboard has to settle; shown without a traceback."""

    def __init__(self, vietnamese, english, details=""):
        super().__init__(english)
        self.vietnamese = vietnamese
        self.english = english
        self.details = details


def say(vietnamese, english):
    print("» " + vietnamese + " / " + english, flush=True)


def check_version(version, executable="python3"):
    """Raise Problem if `version` (major, minor, …) is older than the oldest we run on."""
    if tuple(version[:2]) < OLDEST:
        found = ".".join(str(part) for part in version[:3])
        raise Problem(
            "Cần Python 3.11 trở lên, nhưng {} là Python {}. Hãy cài Python mới hơn, hoặc chỉ ra "
            "bản khác: make demo PYTHON=python3.12".format(executable, found),
            "Python 3.11 or newer is needed, this one is {}. Install a newer one or name it: "
            "make demo PYTHON=python3.12".format(found),
        )


def newer_python():
    """The path of a good enough Python beside a too old `python3`, or None."""
    for minor in (13, 12, 11, 14):
        path = shutil.which("python3.{}".format(minor))
        if path:
            return path
    return None


def check_port(text):
    """Raise Problem unless `text` names a port of 127.0.0.1 nobody listens on."""
    try:
        port = int(text)
    except ValueError:
        port = 0
    if not 1 <= port <= 65535:
        raise Problem(
            "PORT phải là một số từ 1 đến 65535, không phải «{}».".format(text),
            "PORT must be a number from 1 to 65535, not “{}”.".format(text),
        )
    probe = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # As a server would: a port that is merely cooling down after a stop counts as free.
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
    except PermissionError:
        raise Problem(
            "Không có quyền mở cổng {0}. Hãy chọn cổng từ 1024 trở lên: make demo PORT=8001".format(
                port
            ),
            "Port {0} needs more rights. Choose one above 1023: make demo PORT=8001".format(port),
        ) from None
    except OSError:
        other = port + 1 if port < 65535 else 8000
        raise Problem(
            "Cổng {0} đang có chương trình khác dùng (có thể bản chạy thử đã mở sẵn: xem "
            "http://127.0.0.1:{0}). Hãy dừng chương trình đó, hoặc chọn cổng khác: "
            "make demo PORT={1}".format(port, other),
            "Port {0} is taken. Stop what uses it, or choose another: make demo PORT={1}".format(
                port, other
            ),
        ) from None
    finally:
        probe.close()


def digest(*paths):
    result = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as stream:
            result.update(stream.read())
    return result.hexdigest()


def stamp_for(kind):
    """What the stamp says when `.venv` is complete: lock, Python and place of the checkout."""
    version = ".".join(str(part) for part in sys.version_info[:2])
    return " ".join([kind, digest(LOCKS[kind], UV_LOCK), version, ROOT])


def read_stamp():
    try:
        with open(STAMP, encoding="utf-8") as stream:
            return stream.read().strip()
    except OSError:
        return ""


def is_current(kind):
    """A development environment also serves the demo: it holds everything of the runtime lock."""
    if not os.path.exists(VENV_PYTHON):
        return False
    stamp = read_stamp()
    return stamp == stamp_for(kind) or stamp == stamp_for("dev")


def run(command, env=None):
    """Run quietly; return (succeeded, everything it printed)."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=ROOT,
        )
    except OSError as error:
        return False, str(error)
    output = process.communicate()[0].decode("utf-8", "replace")
    return process.returncode == 0, output


def tail(text, lines=15):
    return "\n".join(text.strip().splitlines()[-lines:])


def looks_like_network(output):
    lowered = output.lower()
    return any(sign in lowered for sign in NETWORK_SIGNS)


def network_problem(output):
    return Problem(
        "Không tải được các gói phần mềm: máy không vào được mạng hoặc máy chủ gói không trả lời. "
        "Hãy kiểm tra mạng, proxy (HTTPS_PROXY) rồi chạy lại lệnh này.",
        "Packages could not be downloaded: no network, or the package server does not answer. "
        "Check the network and HTTPS_PROXY, then run this again.",
        tail(output, 4),
    )


def has_venv_modules():
    """Debian's bare python3 has `venv` but not `ensurepip`, so both are asked for."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


def is_root():
    return hasattr(os, "geteuid") and os.geteuid() == 0


def install_venv_modules():
    """Bring python3-venv as root on Debian; otherwise say what to install."""
    if has_venv_modules():
        return
    version = "{}.{}".format(*sys.version_info[:2])
    package = "python{}-venv".format(version)
    output = ""
    apt = shutil.which("apt-get")
    if apt and is_root() and os.path.realpath(sys.executable).startswith("/usr/bin/"):
        say("Đang cài " + package, "Installing " + package)
        env = dict(os.environ, DEBIAN_FRONTEND="noninteractive", LC_ALL="C")
        updated = run([apt, "update", "-qq"], env)[1]
        for name in (package, "python3-venv"):
            ok, output = run([apt, "install", "-y", "--no-install-recommends", name], env)
            # Asked in a new process: this one may remember that the module was missing.
            if ok and run([sys.executable, "-c", "import venv, ensurepip"])[0]:
                return
        if looks_like_network(updated + output):
            raise network_problem(updated or output)
    raise Problem(
        "Python này thiếu mô-đun venv/ensurepip. Hãy cài rồi chạy lại: "
        "sudo apt-get install {} (Debian, Ubuntu), sudo dnf install python3-pip (Fedora), "
        "hoặc dùng Python từ python.org.".format(package),
        "This Python lacks venv/ensurepip. Install it and run again: sudo apt-get install "
        "{}".format(package),
        tail(output, 6),
    )


def make_venv():
    """A virtual environment with pip in it; a broken or foreign one is made anew."""
    if os.path.exists(VENV_PYTHON) and run([VENV_PYTHON, "-m", "pip", "--version"])[0]:
        script = "import sys; print('%d.%d' % sys.version_info[:2], sys.prefix)"
        ok, output = run([VENV_PYTHON, "-c", script])
        here = "{}.{} {}".format(sys.version_info[0], sys.version_info[1], VENV)
        moved = read_stamp() and not read_stamp().endswith(" " + ROOT)
        if ok and output.strip() == here and not moved:
            return
    install_venv_modules()
    say("Đang tạo môi trường .venv", "Creating .venv")
    ok, output = run([sys.executable, "-m", "venv", "--clear", VENV])
    if not ok:
        raise Problem(
            "Không tạo được môi trường .venv (hết chỗ trống hoặc không có quyền ghi?).",
            "The virtual environment could not be created (disk full, or not writable?).",
            tail(output),
        )


def pip_setting(name):
    """What PIP_* or pip's configuration says about `name`; "" if nothing."""
    # `pip config get` would read the user's file only, not the machine's.
    output = run([VENV_PYTHON, "-m", "pip", "config", "list"])[1]
    told = dict(line.split("=", 1) for line in output.splitlines() if "=" in line)
    for section in (":env:", "install", "global"):
        value = told.get(section + "." + name, "").strip("'\"")
        if value:
            return value
    return ""


def package_environment():
    """uv reads neither pip's configuration nor PIP_*: hand over the index and certificates."""
    env = dict(os.environ, VIRTUAL_ENV=VENV, UV_PYTHON_DOWNLOADS="never")
    env.pop("PYTHONPATH", None)
    if not (env.get("UV_INDEX_URL") or env.get("UV_DEFAULT_INDEX")):
        index = pip_setting("index-url")
        if index:
            env["UV_DEFAULT_INDEX"] = index
    if not env.get("SSL_CERT_FILE"):
        certificates = pip_setting("cert")
        if certificates:
            env["SSL_CERT_FILE"] = certificates
    return env


def pip_install(arguments):
    return run(
        [VENV_PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        + ["--no-input", "--retries", "2", "--require-hashes"]
        + arguments
    )


def find_uv():
    """The pinned uv, kept apart from what it installs; (path or None, output of the attempt)."""
    uv = os.path.join(TOOLS, "bin", "uv.exe" if os.name == "nt" else "uv")
    wanted = digest(UV_LOCK)
    marker = os.path.join(TOOLS, "uv-lock")
    if os.path.exists(uv) and os.path.exists(marker):
        with open(marker, encoding="utf-8") as stream:
            if stream.read() == wanted:
                return uv, ""
    shutil.rmtree(TOOLS, ignore_errors=True)
    ok, output = pip_install(["--target", TOOLS, "-r", UV_LOCK])
    if not ok or not os.path.exists(uv):
        return None, output
    with open(marker, "w", encoding="utf-8") as stream:
        stream.write(wanted)
    return uv, ""


def install_packages(kind):
    """Make `.venv` hold what the lock says, every file checked against its hash."""
    say(
        "Đang cài các gói phần mềm (lần đầu mất chừng một phút)",
        "Installing packages (about a minute the first time)",
    )
    uv, output = find_uv()
    if uv is None and looks_like_network(output):
        raise network_problem(output)
    if uv is not None:
        command = [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", VENV_PYTHON]
        ok, output = run(command + [LOCKS[kind]], package_environment())
        if ok:
            return
    # uv has no build for this machine, or cannot reach the index that pip is configured for.
    say("uv không dùng được, thử pip", "uv did not work, trying pip")
    ok, pip_output = pip_install(["-r", LOCKS[kind]])
    if ok:
        return
    if looks_like_network(pip_output):
        raise network_problem(pip_output)
    raise Problem(
        "Không cài được các gói phần mềm. Chi tiết ở dưới.",
        "The packages could not be installed. Details below.",
        tail(output) + "\n" + tail(pip_output),
    )


def write_paths():
    """Let tools started from `.venv` find `portal` (in site/), `learning`, `quizzes`, `tests`."""
    script = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    ok, output = run([VENV_PYTHON, "-c", script])
    if ok:
        path = os.path.join(output.strip(), "project.pth")
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(os.path.join(ROOT, "site") + "\n" + ROOT + "\n")


def prepare(kind):
    """Bring `.venv` in line with the lock; costs one hash of the lock when it already is."""
    if is_current(kind):
        return
    if read_stamp().startswith("dev "):
        kind = "dev"
    make_venv()
    if os.path.exists(STAMP):
        os.remove(STAMP)
    install_packages(kind)
    write_paths()
    with open(STAMP, "w", encoding="utf-8") as stream:
        stream.write(stamp_for(kind) + "\n")


def start(script, arguments):
    """Replace this process, so that Ctrl+C and SIGTERM reach the server or the tests directly."""
    command = [VENV_PYTHON, script] + arguments
    if os.name == "nt":
        raise SystemExit(subprocess.call(command, cwd=ROOT))
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(VENV_PYTHON, command)


def main(arguments):
    if not arguments or arguments[0] not in COMMANDS:
        raise Problem(
            "Lệnh phải là một trong: " + ", ".join(sorted(COMMANDS)),
            "The command must be one of: " + ", ".join(sorted(COMMANDS)),
        )
    command, rest = arguments[0], arguments[1:]
    if sys.version_info[:2] < OLDEST:
        other = newer_python()
        if other and not os.environ.get("BOOTSTRAP_REDIRECTED"):
            os.environ["BOOTSTRAP_REDIRECTED"] = "1"
            os.execv(other, [other, os.path.abspath(__file__)] + arguments)
    check_version(sys.version_info, sys.executable)
    if command == "demo" and "--no-serve" not in rest:
        check_port(os.environ.get("PORT") or "8000")
    prepare(COMMANDS[command])
    if command == "demo":
        start("manage.py", ["demo"] + rest)
    if command == "test":
        start(os.path.join(".ci", "check.py"), rest)


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        # A bare container has no UTF-8 locale; Vietnamese must still print.
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
        sys.stderr.reconfigure(encoding="utf-8", errors="replace")
    try:
        main(sys.argv[1:])
    except Problem as problem:
        sys.stderr.write("\n✗ " + problem.vietnamese + "\n  " + problem.english + "\n")
        if problem.details:
            sys.stderr.write("\n" + problem.details + "\n")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
