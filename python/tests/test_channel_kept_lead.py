"""Everything that the channel does, twice more: where the lead is kept whenever it may be, and where it never is."""

import unittest

from . import test_channel
from .channel_peer import Process


class AlwaysKept(test_channel.ChannelCase):
    def start(self, application, **options):
        process = Process(application, keeps_lead=True, **options)
        self.addCleanup(process.close)
        return process


class NeverKept(test_channel.ChannelCase):
    def start(self, application, **options):
        process = Process(application, keeps_lead=False, **options)
        self.addCleanup(process.close)
        return process


class AlwaysKeptRunningTest(AlwaysKept, test_channel.RunningTest):
    pass


class AlwaysKeptBodyTest(AlwaysKept, test_channel.BodyTest):
    pass


class AlwaysKeptResponseTest(AlwaysKept, test_channel.ResponseTest):
    pass


class AlwaysKeptAbortAndRevokeTest(AlwaysKept, test_channel.AbortAndRevokeTest):
    pass


class AlwaysKeptHandOverTest(AlwaysKept, test_channel.HandOverTest):
    pass


class NeverKeptRunningTest(NeverKept, test_channel.RunningTest):
    pass


class NeverKeptBodyTest(NeverKept, test_channel.BodyTest):
    pass


class NeverKeptResponseTest(NeverKept, test_channel.ResponseTest):
    pass


class NeverKeptAbortAndRevokeTest(NeverKept, test_channel.AbortAndRevokeTest):
    pass


class NeverKeptHandOverTest(NeverKept, test_channel.HandOverTest):
    pass


if __name__ == "__main__":
    unittest.main()
