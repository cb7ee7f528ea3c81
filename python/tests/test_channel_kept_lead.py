"""Everything that the channel does, once more where the leader keeps the lead while it runs a request."""

import unittest

from . import test_channel
from .channel_peer import Process


class KeptLeadCase(test_channel.ChannelCase):
    def start(self, application, **options):
        process = Process(application, keeps_lead=True, **options)
        self.addCleanup(process.close)
        return process


class KeptRunningTest(KeptLeadCase, test_channel.RunningTest):
    pass


class KeptBodyTest(KeptLeadCase, test_channel.BodyTest):
    pass


class KeptResponseTest(KeptLeadCase, test_channel.ResponseTest):
    pass


class KeptAbortAndRevokeTest(KeptLeadCase, test_channel.AbortAndRevokeTest):
    def start_gated(self, threads=1):
        process, peer = super().start_gated(threads)
        if threads == 1:
            process.until(lambda: not process.channel._leader.locked(), "the end of the kept lead")
        return process, peer


class KeptHandOverTest(KeptLeadCase, test_channel.HandOverTest):
    pass


if __name__ == "__main__":
    unittest.main()
