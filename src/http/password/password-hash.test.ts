/** The hashes are what htpasswd 2.4.71 and crypt(3) made of the passwords. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkPassword, findHashSpeed } from './password-hash.js';

const long = 'x1234567890123456789012345678901234567890123456789012345678901234567890123456789zz';

const stored: Readonly<Record<string, readonly string[]>> = {
  secret: [
    '$apr1$zl6HX6u1$PervOqrXooBqxNJvs5AIx/',
    '$2y$05$yqf6IgKUuzq9QxchdWA9jOdUnnC6sLeTXXNBjMRPd8mYI656.ylJW',
    '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=',
    '$6$tg7gA636Ue4VENPr$/ctu1imOHIdBGOVRITMtvEjwF4uQRHlz/c3NqLgB/QrthL3FgKs5uDio6GGuCH/5GaS0zY3.FJCSG3AvEyX1K.',
    '$5$uBKspf4km3VIxC0A$igayThmLX1JTOO6xgf0rsMgKvxqTBPAwE/9F1gGV1w5',
    '$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1',
    '$5$rounds=1400$anotherlongsalts$hA9phAhHgeqcKTycY/LRKamQM18d5P2uD0VRrWGWMX6',
  ],
  pässwörd: [
    '$apr1$038SUF3a$W23RrwUHMBahqgFsM/61g1',
    '$2y$05$E.WVq2CJfQEulTwAzEKaI.S0CFf8gGdIkCVVtT1t880q.ka9.n9MW',
    '{SHA}9Rfd8dMqES/xrVXGbRsSyzjn6Pc=',
    '$6$7PCtdGx4LC58P8Tj$pLz3nkoPB3W1QGarGNNaQYpZip2T5kI8vaC1IzkBA/FtOQcdag.kR..rTr6LGFP.h4v34I7LD/KRUY2Wh2ACw0',
    '$5$iiGzGGU7vnYGewHB$cOGoMFTxy0cV31/aK2krt08n8om55YjW4pD5cMqGeP0',
    '$1$abcdefgh$xYuxUFvxUOR4Pd6a7EeUS0',
  ],
  '': [
    '$apr1$aoZJ409C$Q0sT9fvIy5UI8jTsEySvH/',
    '$2y$05$E00B3bXvaN0NfB5ZW3enceJJbE/jBwMF0Lff9.4y5cbfweZwgvKIm',
    '{SHA}2jmj7l5rSw0yVb/vlWAYkK/YBwk=',
    '$6$DDxwnKiAc4Yabamg$kGhJBZj46o29BXRg86BdCHYCi2cCsPTRwEx/BXQsE9u3Q50/s588lKvpnDfM9Y.IrtUwuRZQcqA3OA5bW3.0q0',
    '$5$dmUrzz9x1K3ixSBa$0hdyhXs6DzJDShv.cRpgWFxFhZ3Wc2ERm9PpAYNgrL.',
    '$1$abcdefgh$M55TzYaaccxVGbptZWaxX/',
  ],
  [long]: [
    '$apr1$81Drw1FO$3CWzBW/ey9OWHL0WdPwZS.',
    '$2y$05$NRhU.DqpVEq26XNRiHPsy.Jt.iIHNIsvE2YAPL4DBXASgdhWQpMe2',
    '{SHA}lqD9RuGj8e3bDb427TAexuAY2C4=',
    '$6$Eadk/QscVt5nentQ$gdBaJkfAHJcfh0vTxIEiKv2t2.w8PR8Suk5WskwzHnCTUFbgxFAEEvJ/e19LJjj/HyDA7F4gHChLMcgEWQuP6/',
    '$5$br7JlQSwNSsSe9gz$GyLc3z45PQsEB0OJ1PXIXeE5f2BxicQbyY7vRtXHr.A',
    '$1$abcdefgh$VlQwY9S3i0V9hjBWBcPi/1',
    '$5$rounds=1400$anotherlongsalts$sFqMbdDhmhKNHUBCCFuXelUNMHXD1qh/.DAB4zEpyJ7',
  ],
};

describe('stored passwords', () => {
  for (const [password, hashes] of Object.entries(stored)) {
    for (const hash of hashes) {
      it(`${password.slice(0, 8)}... fits ${hash.slice(0, 14)} and nothing else does`, async () => {
        assert.notEqual(findHashSpeed(hash), undefined);
        assert.equal(await checkPassword(Buffer.from(password), hash), true);
        assert.equal(await checkPassword(Buffer.from(`y${password.slice(1)}`), hash), false);
        assert.equal(
          await checkPassword(Buffer.from(password, 'latin1'), hash),
          Buffer.from(password, 'latin1').equals(Buffer.from(password)),
        );
        if (!hash.startsWith('$2')) assert.equal(await checkPassword(Buffer.from(`${password}y`), hash), false);
      });
    }
  }

  it('no password fits what has no known form', async () => {
    for (const text of [
      'secret',
      '',
      '.hfobshLhddPU',
      '$2y$05$short',
      '$2y$99$yqf6IgKUuzq9QxchdWA9jOdUnnC6sLeTXXNBjMRPd8mYI656.ylJW',
    ]) {
      assert.equal(findHashSpeed(text), undefined, text);
      assert.equal(await checkPassword(Buffer.from('secret'), text), false, text);
    }
    for (const text of ['$apr1$', '$apr1$salt', '$5$', '$6$salt', '{SHA}', '$1$$']) {
      assert.equal(await checkPassword(Buffer.from('secret'), text), false, text);
      assert.equal(await checkPassword(Buffer.alloc(0), text), false, text);
    }
  });
});
