#!/usr/bin/env python3
"""What people are told by mail: one message, not forty; each once, threaded, and none lost or doubled by kill -9."""

import email
import email.policy
import json
import signal
import socketserver
import sqlite3
import ssl
import subprocess
import threading

import end_to_end
import resident
import web
from end_to_end import bug_url

BUGS = [bug for bug in range(1, 60) if bug != 13]  # which is not for everybody

# What stands for the mail system: keeps each message, with its recipients, or does what the file "mode" says.
SENDMAIL = """#!/bin/sh
cd {folder}
mode=$(cat mode 2>/dev/null)
case "$mode" in
    busy) cat > /dev/null; echo 'come again' >&2; exit 75 ;;
    refuses) cat > /dev/null; exit 67 ;;
esac
n=$(ls | grep -c 'eml$')
name=$(printf '%04d' "$n")
cat > "$name.new" && printf '%s\\n' "$@" > "$name.to" && mv "$name.new" "$name.eml"
case "$mode" in
    kills) rm mode; kill -9 "$PPID" ;;
esac
exit 0
"""


class Smtp(socketserver.ThreadingTCPServer):
    """A mail server on this machine that keeps what it takes; `answers` are what it says instead, by verb."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, context=None, wrapped=False):
        super().__init__(("127.0.0.1", 0), SmtpSession)
        self.context, self.wrapped = context, wrapped
        self.answers, self.messages, self.logins = {}, [], []
        self.thread = threading.Thread(target=self.serve_forever)
        self.thread.start()

    def close(self):
        self.shutdown()
        self.thread.join()
        self.server_close()


class SmtpSession(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            self.talk()
        except OSError:
            pass  # a client that does not trust us leaves

    def encrypt(self):
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        self.setup()

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")
        self.wfile.flush()

    def talk(self):
        secure = self.server.wrapped
        if secure:
            self.encrypt()
        self.say("220 mail.example.org ESMTP")
        recipients = []
        while line := self.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            verb = verb.upper()
            if verb in self.server.answers:
                self.say(self.server.answers[verb])
            elif verb == "EHLO":
                self.say("250-mail.example.org")
                if self.server.context and not secure:
                    self.say("250-STARTTLS")
                self.say("250 AUTH PLAIN")
            elif verb == "STARTTLS":
                self.say("220 go on")
                self.encrypt()
                secure = True
            elif verb == "AUTH":
                if rest == "PLAIN":
                    self.say("334 ")
                    rest = self.rfile.readline().decode()
                self.server.logins.append(rest.split()[-1])
                self.say("235 welcome")
            elif verb == "RCPT":
                recipients.append(rest)
                self.say("250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                data = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    data += part.removeprefix(b".") if part.startswith(b"..") else part
                self.server.messages.append((secure, recipients, data))
                recipients = []
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


class Digest(web.Case):
    def setUp(self):
        super().setUp()
        self.post = self.folder / "post"
        self.post.mkdir()
        self.sendmail = self.folder / "sendmail"
        self.sendmail.write_text(SENDMAIL.format(folder=self.post))
        self.sendmail.chmod(0o755)
        self.configure()

    def configure(self, digest="", mail=None):
        mail = mail or f'sendmail = ["{self.sendmail}", "-i"]'
        self.config.write_text(
            resident.PATIENT
            + f'[mail]\nfrom = "Bug watch <bugs@example.org>"\nweb = "https://watch.example.org/"\n{mail}\n'
            + f'[[digest]]\nname = "team"\nto = ["anna@example.org", "bert@example.org"]\n{digest}\n')

    def mode(self, what):
        (self.post / "mode").write_text(what)

    def mails(self):
        return [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in sorted(self.post.glob("*.eml"))]

    def subjects(self):
        return [mail["Subject"] for mail in self.mails()]

    def wait_for_mails(self, count):
        self.wait_for(lambda: len(self.mails()) >= count, f"{count} messages, there are {self.subjects()}")
        return self.mails()

    def watch(self, bugs, label="curl", options="", name="t"):
        """A mock tracker with so many bugs that are watched and were seen; the mock and their addresses."""
        mock = self.mock(f"kind=bugzilla,name={name},bugs=60,seed=7{options}")
        urls = [bug_url("bugzilla", mock.urls[name], bug) for bug in BUGS[:bugs]]
        self.add(urls, "--label", label)
        self.run_program("check")
        return mock, urls

    def change(self, mock, *bugs, name="t"):
        """Each gets another status."""
        shown = {int(bug["remote_id"]): bug["status"] for bug in self.bugs().values()}
        for bug in bugs:
            status = "CONFIRMED" if shown[bug] == "In Progress" else "IN_PROGRESS"
            mock.post("/change", tracker=name, id=bug, status=status)

    def check(self, expect=0):
        """Beside the instance; what it asked is in the log when this returns."""
        return self.run_program("--config", self.config, "check", "--force", expect=expect)

    def digest(self, *arguments, expect=0):
        return self.run_program("--config", self.config, "digest", *arguments, expect=expect)

    def standing(self):
        (line,) = self.digest("list", "--json").stdout.splitlines()
        return json.loads(line)

    def settled(self):
        """Waits until the digest has heard of everything, all of that is on its way, and nothing is open."""
        self.wait_for(lambda: self.lines("--config", self.config, "sink", "list")[0]["behind"] == 0, "the digest to hear of it")
        self.wait_for(lambda: self.standing()["open"] == 0 and self.standing()["letters"] == 0, "the end")

    def told(self, mail):
        return mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()

    def test_forty_changes_are_two_messages(self):
        mock, urls = self.watch(40)
        self.serve()
        self.change(mock, *BUGS[:40])
        self.check()
        self.settled()
        first, settled = self.mails()
        self.assertRegex(first["Subject"], r"^\[team\] curl: \S+ #\d+ .* → (In Progress|Confirmed) \(1 change\)$")
        self.assertEqual(settled["Subject"], "[team] curl: settled, 39 changes")
        for mail in (first, settled):
            self.assertEqual(mail["From"], "Bug watch <bugs@example.org>")
            self.assertEqual(mail["To"], "anna@example.org, bert@example.org")
            self.assertEqual(mail["List-Id"], "checkwatches team <team.checkwatches.example.org>")
            self.assertEqual(mail["Auto-Submitted"], "auto-generated")
            self.assertEqual(mail.get_content_type(), "multipart/alternative")
            self.assertFalse(mail.defects)
            text, html = self.told(mail)
            self.assertIn("https://watch.example.org/watches?label=curl", text)
            self.assertIn('<a href="https://watch.example.org/watches?label=curl">', html)
        self.assertNotEqual(first["Message-Id"], settled["Message-Id"])
        self.assertIsNone(first["References"])
        self.assertEqual(settled["References"], first["Message-Id"])
        self.assertEqual(settled["In-Reply-To"], first["Message-Id"])
        text, html = self.told(settled)
        told = {url for url in urls if f"  {url}\n" in text}
        self.assertEqual(len(told), 39)
        self.assertTrue(all(f'<a href="{url}">' in html.replace("&amp;", "&") for url in told))
        (other,) = set(urls) - told
        self.assertIn(f"  {other}\n", self.told(first)[0])
        self.assertEqual((self.post / "0000.to").read_text(), "-i\n--\nanna@example.org\nbert@example.org\n")

        # The next change is a first one again, in the same thread.
        self.change(mock, 1)
        self.check()
        third = self.wait_for_mails(3)[2]
        self.assertEqual(third["References"].split(), [first["Message-Id"], settled["Message-Id"]])

    def test_who_has_not_answered_is_named(self):
        # The one that fails is to be asked again before all is settled, and that is known before the other changes.
        self.configure('settle = "6s"\n[schedule]\neager = "1s"\nfirst_tracker_delay = "1s"')
        mock, (changes,) = self.watch(1)
        other, (silent,) = self.watch(1, name="u")
        self.serve()
        other.post("/fault", tracker="u", fault="500")
        self.check(expect=1)
        self.change(mock, 1)
        self.run_program("--config", self.config, "check", "--force", "--url", changes)
        first, settled = self.wait_for_mails(2)
        self.assertIn("1 bug more will be asked until", self.told(first)[0])
        self.assertEqual(settled["Subject"], "[team] curl: settled, nothing more, 1 not answered")
        self.assertIn(f"  {silent}\n", self.told(settled)[0])
        self.assertIn("has not answered: ", self.told(settled)[0])

    def test_an_error_is_told_once_and_once_when_it_is_over(self):
        mock, _ = self.watch(3)
        self.serve()
        self.wait_for(lambda: self.standing()["open"] == 0, "the digest")
        mock.post("/fault", tracker="t", fault="500")
        for _ in range(3):
            self.check(expect=1)
        (error,) = self.wait_for_mails(1)
        self.assertRegex(error["Subject"], r"^\[team\] \S+: 3 bugs cannot be read$")
        self.assertEqual(self.standing()["errors"], 3)
        mock.post("/fault", tracker="t", fault="none")
        self.run_program("tracker", "reset", self.lines("tracker", "list")[0]["name"])
        self.check()
        _, over = self.wait_for_mails(2)
        self.assertRegex(over["Subject"], r"^\[team\] \S+: 3 errors are over$")
        self.assertEqual(over["References"], error["Message-Id"])

    def test_killed_between_handing_over_and_knowing(self):
        mock, _ = self.watch(2)
        process = self.serve()
        self.mode("kills")
        self.change(mock, 1)
        self.check()
        self.assertEqual(process.wait(timeout=resident.PATIENCE), -signal.SIGKILL)
        self.assertEqual(len(self.mails()), 1)
        self.serve()
        first, again = self.wait_for_mails(2)
        self.assertEqual(again["Message-Id"], first["Message-Id"])
        self.assertEqual(again.as_bytes(), first.as_bytes())
        self.change(mock, 2)
        self.check()
        self.settled()
        self.assertEqual(len(self.mails()), 3)

    def test_killed_at_any_time_loses_and_doubles_nothing(self):
        mock, _ = self.watch(30)
        process = self.serve()
        self.change(mock, *BUGS[:30])
        self.check()
        for _ in range(4):
            process.kill()
            process.wait()
            process = self.serve()
        self.settled()
        once = {mail["Message-Id"]: self.told(mail)[0] for mail in self.mails()}
        lines = [line for text in once.values() for line in text.splitlines() if line.startswith("  http")]
        self.assertEqual(len(set(lines)), 30, self.subjects())
        self.assertEqual(len(lines), 30, self.subjects())

    def test_mail_that_is_busy_is_waited_for(self):
        mock, _ = self.watch(1)
        self.mode("busy")
        self.serve()
        self.change(mock, 1)
        self.check()
        self.wait_for(lambda: "it said: come again" in self.standing()["trouble"], "the trouble")
        self.assertEqual(self.standing()["letters"], 1)
        (letters,) = self.status("--config", self.config)[1]["letters"]
        self.assertEqual((letters["digest"], letters["waiting"], letters["parked"]), ("team", 1, 0))
        self.assertIn("it said: come again", letters["trouble"])
        said = self.run_program("--config", self.config, "status").stdout
        self.assertRegex(said, "the digest team has 1 letter on the way and 0 parked: .*come again")
        self.mode("")
        self.wait_for_mails(1)
        self.settled()
        self.assertEqual(self.standing()["trouble"], "")
        self.assertEqual(self.status("--config", self.config)[1]["letters"], [])

    def test_it_is_one_of_the_sinks(self):
        self.watch(1)
        self.serve_web()
        self.wait_for(lambda: self.position() is not None, "the digest")
        (sink,) = self.lines("--config", self.config, "sink", "list")
        self.assertEqual((sink["name"], sink["kind"], sink["configured"]), ("team", "digest", True))
        self.assertNotIn("not in the configuration", self.run_program("--config", self.config, "sink", "list").stdout)
        self.assertEqual(self.get("sinks")["items"], [sink])
        page = self.ask("/sinks").text
        self.assertIn("team", page)
        self.assertNotIn("Forget", page)
        tested = self.ask("/api/v1/sinks/team/test", "POST", {}, token=self.token("ops"))
        self.assertEqual(tested.status, 200, tested.text)
        self.assertEqual(self.subjects(), ["[team] test: a test message"])
        self.wait_for(lambda: 'checkwatches_sink_parked_events{sink="team"} 0' in self.ask("/metrics").text, "the metrics")

    def test_muted_is_not_told_later(self):
        mock, _ = self.watch(2)
        self.digest("mute", "team", "--until", "yesterday", expect=2)
        self.digest("mute", "team", "--until", "1h")
        self.serve()
        self.change(mock, 1)
        self.check()
        self.wait_for(lambda: self.standing()["muted_until"], "the mute")
        last = self.lines("changes")[-1]["id"]
        self.wait_for(lambda: (self.position() or 0) >= last, "the digest to have it")
        self.digest("unmute", "team")
        acts = [(act["new"].split(" until ")[0], act["actor"].split()[0]) for act in self.lines("changes") if act["field"] == "digest"]
        self.assertEqual(acts, [("mute team", "local"), ("unmute team", "local")])
        self.change(mock, 2)
        self.check()
        (mail,) = self.wait_for_mails(1)
        self.settled()
        self.assertEqual(len(self.mails()), 1)
        self.assertIn("#2 ", mail["Subject"])

    def test_what_comes_in_a_maintenance_window_is_not_told_later(self):
        self.configure('maintenance = ["2000-01-01T00:00Z/2100-01-01T00:00Z"]')
        mock, _ = self.watch(2)
        process = self.serve()
        self.wait_for(lambda: self.position() is not None, "the digest")
        self.change(mock, 1)
        self.check()
        last = self.lines("changes")[-1]["id"]
        self.wait_for(lambda: self.position() >= last, "the digest to have it")
        self.stop(process)
        self.configure()
        self.serve()
        self.change(mock, 2)
        self.check()
        self.wait_for_mails(1)
        self.settled()
        (mail,) = self.mails()
        self.assertIn("#2 ", mail["Subject"])

    def position(self):
        """The last change that the digest has taken in; None while it has not begun."""
        with sqlite3.connect(self.database) as database:
            rows = database.execute("SELECT last_change FROM digests").fetchall()
        database.close()
        return rows[0][0] if rows else None

    def test_a_paused_tracker_is_silent_and_its_errors_are(self):
        mock, _ = self.watch(2)
        self.serve()
        name = self.lines("tracker", "list")[0]["name"]
        mock.post("/fault", tracker="t", fault="500")
        self.check(expect=1)
        self.check(expect=1)
        self.run_program("tracker", "pause", name)
        self.change(mock, 1)
        mock.post("/fault", tracker="t", fault="none")
        self.run_program("tracker", "resume", name)
        self.check()
        self.wait_for_mails(1)
        self.settled()
        self.assertEqual(len(self.mails()), 1, "no error, and none that is over")

    def test_preview_shows_and_sends_nothing(self):
        mock, _ = self.watch(3)
        process = self.serve()
        self.wait_for(lambda: self.position() is not None, "the digest")
        self.stop(process)
        self.change(mock, 1, 2)
        self.run_program("check", "--force")
        shown = self.digest("preview", "team").stdout
        self.assertIn("Subject: [team] curl: ", shown)
        self.assertIn("settled, 1 change", shown)
        lines = [json.loads(line) for line in self.digest("preview", "team", "--json").stdout.splitlines()]
        self.assertEqual([line["kind"] for line in lines], ["first", "settled"])
        self.assertEqual({line["state"] for line in lines}, {"gathered"})
        self.assertEqual(self.mails(), [])
        self.serve()
        mails = self.wait_for_mails(2)
        self.assertEqual([f"<{line['message_id']}>" for line in lines], [mail["Message-Id"] for mail in mails])
        self.assertIn("no [[digest]] named", self.digest("preview", "other", expect=2).stderr)

    def test_what_was_seen_to_stays_silent(self):
        self.configure("first = false")
        mock, _ = self.watch(2)
        process = self.serve()
        self.wait_for(lambda: self.position() is not None, "the digest")
        self.stop(process)
        self.change(mock, 1, 2)
        self.run_program("check", "--force")
        with_digest = self.config.read_text()
        self.config.write_text(resident.PATIENT)  # without it: it is told only afterwards
        process = self.serve_web()
        (bug,) = (bug["id"] for bug in self.get("bugs")["items"] if bug["remote_id"] == "1")
        seen = self.ask("/api/v1/fixed/seen", "POST", {"bug": bug, "label": "curl"}, token=self.token("ops"))
        self.assertEqual(seen.status, 200, seen.text)
        self.stop(process)
        self.config.write_text(with_digest)
        self.serve()
        (mail,) = self.wait_for_mails(1)
        self.settled()
        self.assertEqual(mail["Subject"], "[team] curl: settled, 1 change")
        self.assertIn(" #2: ", self.told(mail)[0])

    def test_a_digest_that_comes_with_a_new_configuration(self):
        mock, _ = self.watch(2)
        process = self.serve()
        self.wait_for(lambda: self.position() is not None, "the digest")
        self.configure('by = "release"\nreleases = { trixie = ["curl"] }')
        process.send_signal(signal.SIGHUP)
        self.wait_for(lambda: "configuration read again" in self.logged(), "the new configuration")
        self.change(mock, 1)
        self.check()
        (mail,) = self.wait_for_mails(1)
        self.assertIn("[team] trixie: ", mail["Subject"])

    def smtp(self, **how):
        server = Smtp(**how)
        self.addCleanup(server.close)
        return server, server.server_address[1]

    def certificate(self, name="server"):
        """A key and a certificate of its own for this machine."""
        key, chain = self.folder / f"{name}.key", self.folder / f"{name}.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
             "-out", chain, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
            check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, key)
        return context, chain

    def test_smtp_with_tls_and_a_password(self):
        context, chain = self.certificate()
        self.environment["WORD"] = "open sesame"
        for scheme, wrapped in (("smtps", True), ("smtp", False)):
            with self.subTest(scheme):
                server, port = self.smtp(context=context, wrapped=wrapped)
                mail = f'smtp = "{scheme}://localhost:{port}"\nuser = "bugs"\nvariable = "WORD"'
                self.configure(mail=mail)
                text = self.config.read_text()
                self.config.write_text(text.replace("[network]", f'[network]\nca_file = "{chain}"'))
                self.assertIn("anna@example.org, bert@example.org", self.digest("test", "team").stdout)
                ((secure, recipients, data),) = server.messages
                self.assertTrue(secure)
                self.assertEqual(recipients, ["TO:<anna@example.org>", "TO:<bert@example.org>"])
                self.assertEqual(len(server.logins), 1)
                self.assertNotIn(b"\n", data.replace(b"\r\n", b""))
                read = email.message_from_bytes(data, policy=email.policy.default)
                self.assertEqual(read["Subject"], "[team] test: a test message")

                # A server that nobody vouches for is told nothing.
                self.config.write_text(text)
                refused = self.digest("test", "team", expect=3).stderr
                self.assertIn("tls_failed", refused)
                self.assertNotIn("sesame", refused)
                self.assertEqual((len(server.messages), len(server.logins)), (1, 1))

    def test_smtp_without_tls_is_for_this_machine(self):
        server, port = self.smtp()
        self.configure(mail=f'smtp = "smtp://127.0.0.1:{port}"')
        self.assertIn("tls_failed", self.digest("test", "team", expect=3).stderr)  # it offers no STARTTLS
        self.assertEqual(server.messages, [])
        self.configure(mail=f'smtp = "smtp://127.0.0.1:{port}"\ntls = false')
        self.digest("test", "team")
        self.assertEqual(len(server.messages), 1)
        for host in ("mail.example.org", "localhost.example.org", "127.example.org", "[2001:db8::1]"):
            with self.subTest(host):
                self.configure(mail=f'smtp = "smtp://{host}"\ntls = false')
                self.assertIn("tls = false is for a server on this machine", self.digest("test", "team", expect=2).stderr)
        for host in ("localhost", "127.0.0.9:25", "[::1]:25"):
            with self.subTest(host):
                self.configure(mail=f'smtp = "smtp://{host}"\ntls = false')
                self.assertIn("there is no database", self.digest("list", expect=3).stderr)

    def test_smtp_that_does_not_take_it(self):
        server, port = self.smtp()
        self.configure(mail=f'smtp = "smtp://127.0.0.1:{port}"\ntls = false')
        for verb, answer in (("MAIL", "451 try later"), ("RCPT", "550 nobody here"), ("EHLO", "554 go away")):
            server.answers = {verb: answer, "HELO": answer}
            with self.subTest(answer):
                self.assertIn(answer, self.digest("test", "team", expect=3).stderr)
        self.assertEqual(server.messages, [])

        # One that comes again later gets it then, and once.
        server.answers = {"MAIL": "451 try later"}
        mock, _ = self.watch(1)
        self.serve()
        self.change(mock, 1)
        self.check()
        self.wait_for(lambda: "451 try later" in self.standing()["trouble"], "the trouble")
        server.answers = {}
        self.wait_for(lambda: server.messages, "the message")
        self.settled()
        self.assertEqual(len(server.messages), 1)

    def test_a_folder_takes_it(self):
        folder = self.folder / "letters"
        folder.mkdir()
        self.configure(mail=f'folder = "{folder}"')
        self.digest("test", "team")
        (path,) = folder.iterdir()
        self.assertEqual(path.suffix, ".eml")

    def test_what_is_wrong_with_the_configuration(self):
        for digest, mail, why in (
            ('by = "release"', None, "releases = {"),
            ('settle = "soon"', None, "a span such as"),
            ('maintenance = ["Sat 22:00-02:00", "noon"]', None, '"noon" is no maintenance window'),
            ("rate = 5.0", None, 'a digest has no "rate"'),
            ("", 'sendmail = ["sendmail"]', "a program by its whole path"),
            ("", 'smtp = "mail.example.org"', '"smtp" must be'),
            ("", 'folder = "/tmp"\nsendmail = ["/bin/true"]', "one of the keys"),
            ("", 'smtp = "smtps://mail.example.org"\nuser = "me"', "needs one of the keys"),
        ):
            with self.subTest(why):
                self.configure(digest, mail)
                self.assertIn(why, self.digest("list", expect=2).stderr)
        self.configure()
        text = self.config.read_text()
        for old, new, why in (
            ('"anna@example.org"', '"anna"', '"anna" is no address'),
            ('"anna@example.org"', '"-oQ/tmp/x@example.org"', "is no address"),
            ('name = "team"', 'name = "a team"', "needs the key"),
            ("[mail]", "[male]", "[[digest]] needs [mail]"),
        ):
            with self.subTest(new):
                self.config.write_text(text.replace(old, new))
                self.assertIn(why, self.digest("list", expect=2).stderr)


if __name__ == "__main__":
    end_to_end.main()
