"""A RabbitMQ of a test's own: on loopback, with its own name, data and port mapper, ended with the test."""

import os
import pathlib
import secrets
import signal
import socket
import subprocess
import time

PATIENCE = 120  # seconds


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Broker:
    """`settings` are lines of rabbitmq.conf. A stopped broker starts again where it was: same ports, same data."""

    def __init__(self, folder, settings=()):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.settings = list(settings)
        self.name = f"checkwatches-{os.getpid()}-{secrets.token_hex(4)}@localhost"
        self.process = None
        self.mapper = None
        distribution = free_port()
        cookie = self.folder / ".erlang.cookie"
        cookie.write_text(secrets.token_hex(16))
        cookie.chmod(0o400)
        self.environment = dict(
            os.environ,
            HOME=str(self.folder),
            RABBITMQ_HOME="/usr/lib/rabbitmq/lib/rabbitmq_server-" + version(),
            RABBITMQ_CONF_ENV_FILE=str(self.folder / "none"),
            RABBITMQ_CONFIG_FILE=str(self.folder / "rabbitmq.conf"),
            RABBITMQ_ADVANCED_CONFIG_FILE=str(self.folder / "none.config"),
            RABBITMQ_ENABLED_PLUGINS_FILE=str(self.folder / "enabled_plugins"),
            RABBITMQ_NODENAME=self.name,
            RABBITMQ_MNESIA_BASE=str(self.folder / "data"),
            RABBITMQ_LOG_BASE=str(self.folder / "log"),
            RABBITMQ_PID_FILE=str(self.folder / "pid"),
            RABBITMQ_DIST_PORT=str(distribution),
            RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}",
            ERL_EPMD_ADDRESS="127.0.0.1",
            ERL_EPMD_PORT=str(free_port()),
        )
        (self.folder / "enabled_plugins").write_text("[].\n")

    def start(self):
        lines = [f"listeners.tcp.1 = 127.0.0.1:{self.port}", "log.console = true", "log.file = false", "log.console.level = info"]
        (self.folder / "rabbitmq.conf").write_text("\n".join(lines + self.settings) + "\n")
        if self.mapper is None:
            # Else the node would leave one behind when it goes.
            self.mapper = subprocess.Popen(["epmd"], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.log = self.folder / f"broker.{secrets.token_hex(4)}.log"  # of this start
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["/usr/lib/rabbitmq/bin/rabbitmq-server"], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True)
        self.wait_until_it_takes_connections()

    def wait_until_it_takes_connections(self):
        deadline = time.monotonic() + PATIENCE
        while True:
            assert self.process.poll() is None, f"the broker ended: {self.logged()[-4000:]}"
            assert time.monotonic() < deadline, f"the broker does not start: {self.logged()[-4000:]}"
            # The port is open before the broker is done with its recovery.
            if "Server startup complete" in self.logged():
                return
            time.sleep(0.05)

    def logged(self):
        return self.log.read_text(errors="replace")

    def kill(self):
        """kill -9, of all that belongs to it."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=60)

    def close(self):
        if self.process and self.process.poll() is None:
            self.kill()
        if self.mapper:
            self.mapper.kill()
            self.mapper.wait(timeout=60)

    def control(self, *arguments):
        """rabbitmqctl, of this broker."""
        done = subprocess.run(
            ["/usr/lib/rabbitmq/bin/rabbitmqctl", "--node", self.name, *arguments], env=self.environment, capture_output=True,
            text=True, timeout=PATIENCE)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def version():
    return next(pathlib.Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*")).name.partition("-")[2]
