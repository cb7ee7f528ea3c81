import assert from 'node:assert/strict';
import { STATUS_CODES } from 'node:http';
import { describe, it } from 'node:test';
import { escapeHtml, formatErrorPage, reasonPhrase } from './error-page.js';
describe('error pages', () => {
    it('name the status and say in a sentence what it means, for every status', () => {
        for (const status of Object.keys(STATUS_CODES).map(Number)) {
            const page = formatErrorPage(status);
            assert.ok(page.startsWith('<!DOCTYPE html>\n<html><head>\n<title>') && page.endsWith('</body></html>\n'));
            assert.ok(page.includes(`<title>${status} ${reasonPhrase(status)}</title>`));
            assert.match(page, /<p>[A-Z][^<]*\.<\/p>/);
        }
        assert.equal(reasonPhrase(599), 'Unknown');
        assert.match(formatErrorPage(599), /599 Unknown/);
    });
    it('show a signature and a link only where there is one, and nothing of them as markup', () => {
        assert.equal(formatErrorPage(404).includes('<address>'), false);
        const page = formatErrorPage(302, { signature: 'Stillhouse at <b>&host', location: 'http://x/?a=1&b="><script>' });
        assert.ok(page.includes('<hr>\n<address>Stillhouse at &lt;b&gt;&amp;host</address>\n'));
        assert.ok(page.includes('<a href="http://x/?a=1&amp;b=&quot;&gt;&lt;script&gt;">Go there</a>'));
        assert.equal(escapeHtml(`<>&"'x`), '&lt;&gt;&amp;&quot;&#39;x');
    });
});
//# sourceMappingURL=error-page.test.js.map