import { expect, test } from '@jest/globals';
import { PatlessError } from '../src/errors.js';
import { report } from '../src/report.js';

test('code first, then cause, cure and references; the summary shows the same', () => {
  const error = new PatlessError('ENTRA_REFUSED', 'No.', {
    hint: 'Do this.',
    references: ['Trace ID: 1', 'Time: 2'],
  });
  const { message, summary } = report(error);
  expect(message).toBe('ENTRA_REFUSED: No.\nWhat to do: Do this.\nTrace ID: 1\nTime: 2');
  expect(summary).toBe(`### patless failed: ENTRA_REFUSED\n\n\`\`\`\`text\n${message}\n\`\`\`\`\n`);
});

test('an error that is not ours is reported as such, in one harmless line', () => {
  const { message } = report(new TypeError('x\n::set-output name=a::b'));
  expect(message.split('\n')[0]).toBe(
    'UNEXPECTED: patless failed in a way it should not: x : :set-output name=a: :b',
  );
});

test.each([Object.create(null), Symbol('x'), undefined, { toString: 1 }])(
  'anything thrown can be reported',
  (thrown) => {
    expect(report(thrown).message).toMatch(
      /^UNEXPECTED: patless failed in a way it should not: .+\nWhat to do: Please report this message to the patless project\.$/,
    );
  },
);

test('text from outside cannot leave the code fence', () => {
  const { summary } = report(new PatlessError('NETWORK', 'a ````````` <img src=x>', { hint: '' }));
  expect(summary).toContain('a ``` <img');
  expect(summary.match(/````/g)).toHaveLength(2);
});
