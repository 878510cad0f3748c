// Bytes of a file as text, if they are text.

export type Decoded = { readonly text: string; readonly note?: string } | { readonly reason: string };

const BYTES_THAT_TELL = 8192;

export function decode(bytes: Buffer): Decoded {
  const byMark = markedUtf16(bytes);
  if (byMark !== undefined) return isText(byMark) ? { text: normalized(byMark) } : { reason: 'binary' };
  if (bytes.subarray(0, BYTES_THAT_TELL).includes(0)) return { reason: 'binary' };
  try {
    return { text: normalized(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    // What PATs are made of is the same in every code page of one byte.
    return { text: normalized(bytes.toString('latin1')), note: 'not UTF-8; read as Latin-1' };
  }
}

/** Windows PowerShell writes UTF-16 with a mark before it. */
function markedUtf16(bytes: Buffer): string | undefined {
  if (bytes.length % 2 !== 0) return undefined;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes).swap16().subarray(2).toString('utf16le');
  return undefined;
}

function isText(text: string): boolean {
  // A surrogate that is not one of a pair.
  return !text.includes('\0') && !/[\ud800-\udfff]/u.test(text);
}

function normalized(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
