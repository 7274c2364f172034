#!/usr/bin/env python3
"""The resident program tells a real RabbitMQ: the wire contract of fedora-messaging, and at least once, in order, whatever is killed.

RABBITMQ names the folder of the unpacked packages (broker.py); CHECKWATCHES and CHECKWATCHES_MOCK the programs."""

import datetime
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "app"))

import jsonschema

import receiver
import resident
from authority import Authority
from broker import Broker, free_port
from consumer import Consumer, connect
from end_to_end import bug_url
from fedora import HEADERS, SCHEMAS

folder = None
authority = None
broker = None
tls_port = None


def setUpModule():
    global folder, authority, broker, tls_port
    folder = pathlib.Path(tempfile.mkdtemp(prefix="checkwatches-rabbitmq-"))
    authority = Authority(folder / "ca", "authority")
    certificate, key = authority.issue("broker")
    tls_port = free_port()
    broker = Broker(folder / "broker", plugins=("rabbitmq_auth_mechanism_ssl",), settings=(
        f"listeners.ssl.1 = 127.0.0.1:{tls_port}",
        f"ssl_options.cacertfile = {authority.certificate}",
        f"ssl_options.certfile = {certificate}",
        f"ssl_options.keyfile = {key}",
        "ssl_options.verify = verify_peer",
        "ssl_options.fail_if_no_peer_cert = true",
        "auth_mechanisms.1 = PLAIN",
        "auth_mechanisms.2 = EXTERNAL",
        "ssl_cert_login_from = common_name",
    ))
    broker.start()


def tearDownModule():
    broker.close()
    shutil.rmtree(folder, ignore_errors=True)


class Case(resident.Case):
    def setUp(self):
        super().setUp()
        self.user = "watcher-" + uuid.uuid4().hex
        self.add_user(self.user, "correct horse")

    def add_user(self, name, password, may_write=".*"):
        broker.control("add_user", name, password)
        broker.control("set_permissions", name, "", may_write, "")
        self.addCleanup(broker.control, "delete_user", name)

    def consumer(self, queue, **how):
        made = Consumer(broker.port, queue, **how)
        self.addCleanup(made.close)
        return made

    def sink(self, name, user=None, password="correct horse", **keys):
        """A section of the configuration."""
        file = self.folder / f"{name}.password"
        file.write_text(password)
        file.chmod(0o600)
        said = {
            "name": name, "url": f"amqp://{user or self.user}@127.0.0.1:{broker.port}/", "password_file": str(file), "rate": 0,
            "from": "beginning", **keys}
        return "[[amqp]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in said.items() if value is not None)

    def configure(self, *sections):
        self.config.write_text(resident.PATIENT + "\n".join(sections))

    def stands(self, name):
        """Where a sink stands, as the database has it."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            database.row_factory = sqlite3.Row
            row = database.execute("SELECT * FROM sinks WHERE name = ?", (name,)).fetchone()
        return dict(row) if row else {"trouble": "", "delivered": 0, "tries": 0}

    def wait_for_trouble(self, name, text):
        self.wait_for(lambda: text in self.stands(name)["trouble"], f"the trouble of {name}: {text}, not {self.stands(name)}")

    def watch(self, mock, name, count, label="curl"):
        self.add([bug_url("bugzilla", mock.urls[name], i) for i in range(1, count + 1)], "--label", label)

    def wait_for_all(self, consumer):
        """Until every change of the log has come, and what came."""
        def complete():
            last = self.lines("changes")[-1]["id"]
            return len({m.body["change_id"] for m in consumer.changes()}) == last
        self.wait_for(complete, "every change")

    def check_log(self, consumer):
        """The messages are the log: none is missing, those of a bug are in order, and what came twice has one id."""
        return self.check_told([(m.id, m.body) for m in consumer.changes()])

    def check_told(self, came):
        """The same of ids and bodies, however they came."""
        log = {change["id"]: change for change in self.lines("changes")}
        self.assertEqual({body["change_id"] for _, body in came}, set(log))
        ids, last_of_bug = {}, {}
        for identifier, body in came:
            number = body["change_id"]
            change = log[number]
            for name in ("field", "old", "new", "tracker", "remote_id"):
                self.assertEqual(body[name], change[name])
            if number in ids:
                self.assertEqual(ids[number], identifier)
                continue
            ids[number] = identifier
            bug = body["tracker"], body["remote_id"]
            self.assertGreater(number, last_of_bug.get(bug, 0), f"{bug}: out of order")
            last_of_bug[bug] = number
        self.assertEqual(len(set(ids.values())), len(ids))
        return len(came) - len(ids)


class Contract(Case):
    def test_messages_are_as_fedora_messaging_has_them(self):
        mock = self.mock("kind=bugzilla,name=b,bugs=40,seed=1")
        consumer = self.consumer("contract")
        self.configure(
            resident.RESTLESS, self.sink("fedora", prefix="org.fedoraproject.test", checks=True, schema_package="checkwatches-messages"))
        self.watch(mock, "b", 30)
        began = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        self.serve()
        self.wait_for(lambda: any(m.body["duplicate"] for m in consumer.checks()), "a check like the one before")
        mock.post("/fault", tracker="b", fault="500")
        self.wait_for(lambda: any(m.headers["fedora_messaging_severity"] == 30 for m in consumer.checks()), "a failure")
        self.wait_for_all(consumer)

        for m in list(consumer.messages):
            with self.subTest(id=m.id):
                self.check_message(m, began)
        self.assertEqual(self.check_log(consumer), 0)
        checks = consumer.checks()
        self.assertEqual(len({m.id for m in checks}), len({m.body["check_id"] for m in checks}))
        self.assertEqual({m.bug[1] for m in checks}, {str(i) for i in range(1, 31)})
        first = {}
        for m in checks:
            first.setdefault(m.bug, m.body)
        self.assertEqual({body["last_checked"] for body in first.values()}, {None})

    def check_message(self, m, began):
        schema = m.headers["fedora_messaging_schema"]
        self.assertEqual(m.exchange, "amq.topic")
        self.assertEqual(m.topic, "org.fedoraproject.test." + schema)
        self.assertEqual(m.properties.content_type, "application/json")
        self.assertEqual(m.properties.content_encoding, "utf-8")
        self.assertEqual(m.properties.delivery_mode, 2)
        self.assertEqual(m.properties.priority, 0)
        self.assertEqual((uuid.UUID(m.id).version, uuid.UUID(m.id).variant, str(uuid.UUID(m.id))), (4, uuid.RFC_4122, m.id))
        jsonschema.validate(m.headers, HEADERS)
        jsonschema.validate(m.body, SCHEMAS[schema])
        self.assertEqual(set(m.body), set(SCHEMAS[schema]["properties"]))
        self.assertRegex(m.headers["sent-at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$")
        self.assertGreaterEqual(datetime.datetime.fromisoformat(m.headers["sent-at"]), began)
        self.assertEqual(m.headers["fedora_messaging_schema_package"], "checkwatches-messages")
        self.assertIs(m.headers["fedora_messaging_rpm_curl"], True)
        warns = schema == "checkwatches.check.v1" and not m.body["duplicate"] and m.body["outcome"] not in ("seen", "unmodified")
        self.assertEqual(m.headers["fedora_messaging_severity"], 30 if warns else 20)

    def test_schemas_are_schemas_and_refuse_what_is_none(self):
        for schema in SCHEMAS.values():
            jsonschema.Draft4Validator.check_schema(schema)
            with self.assertRaises(jsonschema.ValidationError):
                jsonschema.validate({}, schema)


class Burst(Case):
    BUGS = 5_000  # each with two changes at first sight

    def test_nothing_is_lost_whoever_is_killed(self):
        mock = self.mock(f"kind=bugzilla,name=b,bugs={self.BUGS},seed=1", arguments=("--for", "3600"))
        consumer = self.consumer("burst")
        self.configure(self.sink("fedora", prefix="org.fedoraproject.test"))
        self.watch(mock, "b", self.BUGS)
        told = lambda n: self.wait_for(lambda: len(consumer.messages) > n, f"{n} messages")
        process = self.serve()
        told(500)
        broker.kill()
        broker.start()
        told(len(consumer.messages) + 500)
        process.kill()
        process.wait()
        process = self.serve()
        told(len(consumer.messages) + 500)
        broker.kill()
        broker.start()
        self.wait_for(lambda: self.checked() == self.BUGS, "all bugs")
        self.wait_for_all(consumer)
        again = self.check_log(consumer)
        changes = len(self.lines("changes"))
        self.assertGreaterEqual(changes, 2 * self.BUGS)
        print(f"{changes} changes, {again} of them told again with their ids")
        self.assertEqual(self.stop(process), 0)
        self.assertEqual(self.stands("fedora")["position"], changes)

    def test_each_sink_has_everything_whoever_is_killed(self):
        mock = self.mock(f"kind=bugzilla,name=b,bugs={self.BUGS},seed=1", arguments=("--for", "3600"))
        consumer = self.consumer("each")
        receiving = self.receive()
        self.configure(self.sink("fedora", prefix="org.fedoraproject.test"), self.webhook(), self.files())
        self.watch(mock, "b", self.BUGS)
        told = lambda n: self.wait_for(lambda: len(consumer.messages) > n, f"{n} messages")
        process = self.serve()
        told(200)
        for kill in ("engine", "broker", "receiver") * 2:
            if kill == "engine":
                process.kill()
                process.wait()
                process = self.serve()
            elif kill == "broker":
                broker.kill()
                broker.start()
            else:
                receiving.kill()
                receiving.wait()
                receiving = self.receive()
            told(len(consumer.messages) + 200)
        self.wait_for(lambda: self.checked() == self.BUGS, "all bugs")
        changes = len(self.lines("changes"))
        for name in ("fedora", "ci", "spool"):
            self.wait_for(lambda: self.stands(name).get("position") == changes, f"all that {name} is told")
        self.wait_for_all(consumer)
        self.assertEqual(self.stop(process), 0)
        spooled = [json.loads(line) for file in self.spooled() for line in file.read_text().splitlines()]
        events = [json.loads(line) for line in self.taken.read_text().splitlines()]
        again = (
            self.check_log(consumer),
            self.check_told([(event["id"], event["data"]) for event in events]),
            self.check_told([(m["id"], m["body"]) for m in spooled]))
        print(f"{changes} changes; told again: {again}")

    def receive(self):
        """Starts the receiver of webhooks, at the port that it had before."""
        self.port_file, self.taken = self.folder / "port", self.folder / "taken"
        process = subprocess.Popen([sys.executable, receiver.__file__, self.port_file, self.taken, receiver.SECRET])
        self.addCleanup(self.end, process)
        self.wait_for(lambda: process.poll() is not None or self.port_file.exists(), "the receiver")
        return process

    def webhook(self):
        file = self.folder / "secret"
        file.write_text(receiver.SECRET)
        file.chmod(0o600)
        return (
            f'[[webhook]]\nname = "ci"\nurl = "http://127.0.0.1:{self.port_file.read_text()}/"\nfile = "{file}"\n'
            'from = "beginning"\nrate = 0\n')

    def files(self):
        return (
            f'[[messages_file]]\nname = "spool"\nfolder = "{self.folder / "spool"}"\nsize = 65536\nage = "2s"\n'
            'prefix = "org.fedoraproject.test"\nfrom = "beginning"\nrate = 0\n')

    def spooled(self):
        """Its files in order, the one that is being written last."""
        return sorted((self.folder / "spool").glob("spool.*"), key=lambda file: int(file.name.split(".")[1]))


class Trouble(Case):
    def test_what_is_refused_is_told_and_tried_again_politely(self):
        mock = self.mock("kind=bugzilla,name=b,bugs=10,seed=1")
        good = self.consumer("good")
        self.add_user("mute-" + self.user, "correct horse", may_write="^$")
        self.configure(
            self.sink("good"),
            self.sink("password", password="wrong"),
            self.sink("mute", user="mute-" + self.user, exchange="amq.topic"),
            self.sink("exchange", exchange="later-" + self.user),
            self.sink("vhost", url=f"amqp://{self.user}@127.0.0.1:{broker.port}/nowhere"))
        self.watch(mock, "b", 10)
        self.serve()
        self.wait_for_trouble("password", "ACCESS_REFUSED")
        self.wait_for_trouble("mute", "403")
        self.wait_for_trouble("exchange", "404")
        self.wait_for_trouble("vhost", "vhost nowhere not found")
        self.wait_for_all(good)  # delayed by none of them
        self.assertNotIn("wrong", self.stands("password")["trouble"] + self.logged())

        self.wait_for(lambda: self.stands("password")["tries"] >= 3, "some tries")
        refused = broker.logged().count(f"user '{self.user}' - invalid credentials")
        self.assertLessEqual(refused, self.stands("password")["tries"] + 1)

        broker.control("set_permissions", "mute-" + self.user, "", ".*", "")
        channel = connect(broker.port).channel()
        channel.exchange_declare("later-" + self.user, "topic", durable=True)
        late = self.consumer("late", exchange="later-" + self.user)
        changes = len(self.lines("changes"))
        self.wait_for(lambda: self.stands("mute")["delivered"] == changes, "what it may now say")
        self.wait_for(lambda: self.stands("exchange")["delivered"] == changes, "what can be sent now")
        self.wait_for_all(late)
        broker.control("change_password", self.user, "wrong")
        self.wait_for(lambda: self.stands("password")["delivered"] == changes, "what was waiting for its password")
        self.assertEqual(self.stands("password")["trouble"], "")
        channel.exchange_delete("later-" + self.user)
        channel.connection.close()

    def test_a_full_queue_refuses_and_nothing_gets_lost_or_out_of_order(self):
        mock = self.mock("kind=bugzilla,name=b,bugs=60,seed=1")
        channel = connect(broker.port).channel()
        channel.exchange_declare("narrow", "topic", durable=True)
        consumer = self.consumer(
            "full", exchange="narrow", arguments={"x-max-length": 7, "x-overflow": "reject-publish"}, paused=True)
        self.configure(self.sink("narrow", exchange="narrow"))
        self.watch(mock, "b", 60)
        self.serve()
        self.wait_for_trouble("narrow", "basic.nack")
        consumer.thread.start()
        self.wait_for_all(consumer)
        self.check_log(consumer)
        channel.exchange_delete("narrow")
        channel.connection.close()

    def test_what_nobody_takes_is_refused_where_that_is_wanted(self):
        mock = self.mock("kind=bugzilla,name=b,bugs=1,seed=1")
        channel = connect(broker.port).channel()
        channel.exchange_declare("unbound", "topic", durable=True)
        self.configure(
            self.sink("strict", exchange="unbound", mandatory=True), self.sink("lenient", exchange="unbound"))
        self.watch(mock, "b", 1)
        self.serve()
        self.wait_for_trouble("strict", "312 NO_ROUTE")
        self.wait_for(lambda: self.stands("lenient")["delivered"] == len(self.lines("changes")), "what goes nowhere")
        channel.exchange_delete("unbound")
        channel.connection.close()


    def test_a_broker_that_hangs_holds_up_no_stop(self):
        mock = self.mock("kind=bugzilla,name=b,bugs=10,seed=1")
        consumer = self.consumer("hanging")
        self.configure(resident.RESTLESS, self.sink("hanging"))
        self.watch(mock, "b", 10)
        process = self.serve()
        self.wait_for(lambda: self.checked() == 10, "all bugs")
        self.wait_for_all(consumer)
        last = lambda: self.lines("changes")[-1]["id"]
        before = last()
        broker.freeze()
        try:
            mock.post("/step", tracker="b", count=10)
            self.wait_for(lambda: last() > before, "more changes")
            began = time.monotonic()
            self.assertEqual(self.stop(process), 0)
            self.assertLess(time.monotonic() - began, 20)  # its confirms are waited for for 30 s
        finally:
            broker.thaw()
        self.serve()
        self.wait_for_all(consumer)
        self.check_log(consumer)


class Tls(Case):
    def test_both_sides_show_their_certificates(self):
        mock = self.mock("kind=bugzilla,name=b,bugs=5,seed=1")
        consumer = self.consumer("tls")
        other = Authority(folder / "other-ca", "other")
        certificate, key = authority.issue(self.user)
        ours = {"client_cert": str(certificate), "client_key": str(key)}
        trusted = {"ca_file": str(authority.certificate)}
        address = f"amqps://{self.user}@localhost:{tls_port}/"
        nobody = f"amqps://{self.user}@127.0.0.1:{tls_port}/"  # the broker's certificate is for another name
        self.configure(
            self.sink("external", url=address, password_file=None, **ours, **trusted),
            self.sink("untrusted", url=address, ca_file=str(other.certificate), **ours),
            self.sink("misnamed", url=nobody, **ours, **trusted),
            self.sink("unknown", url=address, **trusted))
        self.watch(mock, "b", 5)
        self.serve()
        self.wait_for_all(consumer)
        self.check_log(consumer)
        self.wait_for_trouble("untrusted", "tls_failed")
        self.wait_for_trouble("misnamed", "tls_failed")
        self.wait_for(lambda: self.stands("unknown")["trouble"], "a broker that wants to see a certificate")
        for name in ("untrusted", "misnamed", "unknown"):
            self.assertEqual(self.stands(name)["delivered"], 0)
        self.assertEqual(self.stands("external")["trouble"], "")


if __name__ == "__main__":
    resident.main()
