// A zip archive that is the same whenever and wherever it is made: entries in order, one date, no folders, no modes.
import JSZip from 'jszip';

/** The dates in an archive have no time zone, and begin in 1980. */
const DATE = new Date('2000-01-01T00:00:00Z');

/** @param {Map<string, Uint8Array>} files What is inside, by path. @returns {Promise<Buffer>} */
export function archive(files) {
  const zip = new JSZip();
  for (const path of [...files.keys()].sort()) {
    zip.file(path, files.get(path), { date: DATE, createFolders: false });
  }
  return zip.generateAsync({
    type: 'nodebuffer',
    platform: 'DOS',
    compression: 'DEFLATE',
    compressionOptions: { level: 9 },
  });
}
