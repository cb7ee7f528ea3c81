"""Scripts of access and authentication: what their functions are given, and what their answers mean."""

import os
import sys

from stillhouse.script_hooks import ScriptHooks
from stillhouse.script_loader import module_name

from .memory_exchange import AdapterCase, MemoryExchange


class AuthHooksTest(AdapterCase):
    def setUp(self):
        super().setUp()
        self.script = os.path.join(self.make_folder(), "auth.py")
        self.addCleanup(sys.modules.pop, module_name(self.script), None)
        self.hooks = ScriptHooks(loader=self.loader, sink=self.sink)
        self.mtime = 1_600_000_000

    def write(self, source):
        with open(self.script, "w", encoding="utf-8") as file:
            file.write(source)
        self.mtime += 1
        os.utime(self.script, (self.mtime, self.mtime))

    def ask(self, function, environ=None, **facts):
        exchange = MemoryExchange(environ or {}, facts={function: self.script, "reloads": True, **facts})
        self.hooks.serve(exchange, 1)
        self.assertTrue(exchange.is_complete, exchange.refusal)
        self.assertEqual((exchange.status, exchange.body), ("200 OK", b""))
        return list(exchange.headers)

    def answers(self, function, arguments, cases, **facts):
        for statement, expected in cases.items():
            with self.subTest(statement):
                self.write(f"def {function}(environ, {arguments}): {statement}\n")
                self.assertEqual(self.ask(function, **facts), expected)

    def test_allow_access(self):
        cases = {
            "return True": [("verdict", "granted")],
            "return False": [("verdict", "denied")],
            "return None": [("verdict", "declined")],
            "return host == '192.0.2.7'": [("verdict", "granted")],
            "return 1": [("verdict", "denied")],
            "return 'yes'": [("verdict", "denied")],
            "raise KeyError": [("verdict", "denied")],
            "raise SystemExit": [("verdict", "denied")],
        }
        self.answers("allow_access", "host", cases, host="192.0.2.7")
        self.assertIn("must be a boolean or None, value of type int found", self.sink.text)
        self.assertIn("SystemExit exception raised processing WSGI host access script", self.sink.text)

    def test_check_password(self):
        failed = [("verdict", "failed")]
        cases = {
            "return True": [("verdict", "granted")],
            "return False": [("verdict", "denied")],
            "return None": [("verdict", "unknown")],
            "return user == '\\xe9' and password == '\\xff'": [("verdict", "granted")],
            "return 'ann'": [("verdict", "granted"), ("name", "ann")],
            "return '\\xe9\\u20ac'": [("verdict", "granted"), ("name", "\xc3\xa9\xe2\x82\xac")],
            "return ''": failed,
            "return 'a\\nb'": failed,
            "return b'ann'": failed,
            "return 1": failed,
            "raise KeyError": failed,
        }
        self.answers("check_password", "user, password", cases, user="\xe9", password="\xff")
        self.assertIn("Basic auth provider must return True, False, None or user name as string", self.sink.text)

    def test_groups_for_user(self):
        failed = [("verdict", "failed")]
        cases = {
            "return [user, b'b', '\\xe9', b'\\xe9']": [
                ("verdict", "granted"),
                ("name", "ann"),
                ("name", "b"),
                ("name", "\xe9"),
                ("name", "\xe9"),
            ],
            "yield 'one'": [("verdict", "granted"), ("name", "one")],
            "return []": [("verdict", "granted")],
            "return 'ab'": [("verdict", "granted"), ("name", "a"), ("name", "b")],
            "return ['a\\nverdict', 'b\\0c']": [("verdict", "granted"), ("name", "b")],
            "return None": failed,
            "return ['a', 5]": failed,
            "return ['\\u20ac']": failed,
            "yield 'one'; raise KeyError": failed,
        }
        self.answers("groups_for_user", "user", cases, user="ann")
        self.assertIn("value of type NoneType found", self.sink.text)

    def test_environ(self):
        self.write(
            "def allow_access(environ, host):\n"
            "    global seen\n"
            "    seen = environ\n"
            "    environ['wsgi.errors'].write('noted\\n')\n"
        )
        tls = {"tls SSL_PROTOCOL": "TLSv1.3"}
        self.ask("allow_access", {"DOCUMENT_ROOT": "/srv/caf\xc3\xa9"}, host="h", https=True, **tls)
        seen = self.loader.loaded[self.script].seen
        self.assertEqual((seen["mod_wsgi.process_group"], seen["mod_wsgi.application_group"]), ("", ""))
        self.assertEqual(seen["DOCUMENT_ROOT"], "/srv/caf\xe9")
        self.assertEqual((len(seen["apache.version"]), len(seen["mod_wsgi.version"])), (3, 3))
        look_up = seen["mod_ssl.var_lookup"]
        self.assertEqual(seen["mod_ssl.is_https"](), 1)
        self.assertEqual([look_up("SSL_PROTOCOL"), look_up(b"SSL_PROTOCOL"), look_up("host")], ["TLSv1.3"] * 2 + [None])
        self.assertRaises(TypeError, look_up, 1)
        self.assertNotIn("wsgi.input", seen)
        self.assertIn(("output", f"[script {self.script}] noted", "192.0.2.7:4242"), self.sink.records)

    def test_a_script_that_can_not_be_asked_opens_no_door(self):
        expected = {"allow_access": "denied", "check_password": "failed", "groups_for_user": "failed"}
        for source, message in (("1 / 0\n", "ZeroDivisionError"), ("pass\n", "does not provide")):
            self.write(source)
            for function, verdict in expected.items():
                with self.subTest(f"{function}: {source}"):
                    facts = {"host": "h", "user": "u", "password": "p"}
                    self.assertEqual(self.ask(function, **facts), [("verdict", verdict)])
            self.assertIn(message, self.sink.text)
