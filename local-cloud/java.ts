// Java looks neither at proxy variables nor at PEM files: system properties, and a trust store in Java's own format.
import { createHash, X509Certificate } from 'node:crypto';

/** @param trustStore The path of a file that holds what `trustStoreOf` gives. */
export function javaOptions(proxyPort: number, trustStore: string): string {
  const properties = {
    'http.proxyHost': '127.0.0.1',
    'http.proxyPort': proxyPort,
    'https.proxyHost': '127.0.0.1',
    'https.proxyPort': proxyPort,
    'http.nonProxyHosts': '',
    'javax.net.ssl.trustStore': trustStore,
    // Maven 3.9 and newer look at none of these unless told to.
    'aether.connector.http.useSystemProperties': true,
  };
  return Object.entries(properties)
    .map(([name, value]) => `-D${name}=${value}`)
    .join(' ');
}

/** A JKS file with one trusted certificate; its digest is made with the usual password, "changeit". */
export function trustStoreOf(rootCertificate: string): Buffer {
  const certificate = new X509Certificate(rootCertificate).raw;
  const content = Buffer.concat([
    // Magic, version 2, one entry, a trusted certificate.
    Buffer.from('feedfeed000000020000000100000002', 'hex'),
    text('played'),
    Buffer.alloc(8),
    text('X.509'),
    number(certificate.length, 4),
    certificate,
  ]);
  const digest = createHash('sha1')
    .update(Buffer.from('changeit', 'utf16le').swap16())
    .update('Mighty Aphrodite')
    .update(content);
  return Buffer.concat([content, digest.digest()]);
}

function text(value: string): Buffer {
  return Buffer.concat([number(value.length, 2), Buffer.from(value)]);
}

function number(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}
